import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { redisUrl } from '../../../setup/services.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NEVER = new AbortController().signal;

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const memory = (): Promise<Cache> => createMemoryCache({}, { clock: systemClock });
const redis = async (): Promise<Cache> =>
  createRedisCache(
    { connection: { url: redisUrl() }, commandTimeoutMs: 5000 },
    { fallback: await memory(), clock: systemClock, random: Math.random, onError: () => undefined },
  );

it.each([
  ['memory', memory],
  ['Redis', redis],
])('cache-optimization drops the entries of dormant and ended sessions in %s, and reports what was there', async (name, open) => {
  const cache = await open();
  const { sessions, lifecycle } = createHandoffServices({ database: fixture.database, cache, log: quiet });
  const key = (what: string): string => `${what} in ${name} ${process.pid} é`;
  const ids = new Map<string, string>();
  for (const what of ['active', 'asleep', 'dead']) {
    const { session } = await sessions.register({ sessionKey: key(what), agentFrom: 'a', metadata: {} });
    ids.set(what, session.id);
    await sessions.append({ sessionKey: key(what), contextType: 'message', content: 'ü'.repeat(50), metadata: {} });
    await sessions.handOff({ sessionKey: key(what), targetAgent: 'b', requestType: 'context_transfer', requestData: {} });
  }
  // As a sweep of another process leaves them: this cache has not been told.
  await fixture.sql('UPDATE sessions SET is_dormant = true WHERE id = $1', [ids.get('asleep')]);
  await fixture.sql("UPDATE sessions SET status = 'expired' WHERE id = $1", [ids.get('dead')]);
  await fixture.sql(
    "INSERT INTO session_lifecycle (session_id, event_type) SELECT unnest($1::uuid[]), unnest(ARRAY['dormant', 'expired'])",
    [[ids.get('asleep'), ids.get('dead')]],
  );
  const latest = (what: string): string => `session:${key(what)}:latest_context`;
  const packageOf = (what: string): string => `handoff:b:${key(what)}`;
  const gone = [latest('asleep'), latest('dead'), packageOf('dead')];
  const sizes = await Promise.all(gone.map(async (each) => Buffer.byteLength((await cache.get(each)) ?? '') + Buffer.byteLength(each)));

  const job = lifecycle.jobs.find((each) => each.name === 'cache-optimization');
  const report = { optimizedCacheEntries: 3, freedMemory: sizes.reduce((sum, size) => sum + size, 0) };
  expect(await job?.run({ signal: NEVER })).toEqual(report);
  expect(await Promise.all(gone.map((each) => cache.get(each)))).toEqual([undefined, undefined, undefined]);
  const kept = await Promise.all([latest('active'), packageOf('active'), packageOf('asleep')].map((each) => cache.get(each)));
  expect(kept.map((value) => typeof value)).toEqual(['string', 'string', 'string']);
  expect(await job?.run({ signal: NEVER })).toEqual({ optimizedCacheEntries: 0, freedMemory: 0 });
  await cache.close();
});

it('looks only at what happened since the last time, with ten minutes to spare', async () => {
  await fixture.sql('TRUNCATE session_lifecycle, sweep_positions');
  await fixture.sql(
    `INSERT INTO session_lifecycle (session_id, event_type, created_at)
     SELECT gen_random_uuid(), 'dormant', now() - n * interval '1 minute' FROM generate_series(1, 60) AS n`,
  );
  expect(await fixture.lifecycle.sweeps.cache({ batchSize: 25, pauseMs: 0 })).toMatchObject({ taken: 60, batches: 3 });
  const { taken } = await fixture.lifecycle.sweeps.cache();
  expect(taken).toBeGreaterThan(5);
  expect(taken).toBeLessThan(12);
});

it('goes on when the clock of the database, which was ahead, is put back', async () => {
  const cache = await memory();
  const { sessions, lifecycle } = createHandoffServices({ database: fixture.database, cache, log: quiet });
  await fixture.sql(
    "INSERT INTO sweep_positions (name, position) VALUES ('cache', (now() + interval '20 days')::text) ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position",
  );
  const { session } = await sessions.register({ sessionKey: 'put back', agentFrom: 'a', metadata: {} });
  await sessions.append({ sessionKey: 'put back', contextType: 'message', content: 'x', metadata: {} });
  await fixture.sql('UPDATE sessions SET is_dormant = true WHERE id = $1', [session.id]);
  await fixture.sql("INSERT INTO session_lifecycle (session_id, event_type) VALUES ($1, 'dormant')", [session.id]);
  expect(await lifecycle.sweeps.cache()).toMatchObject({ entries: 1 });
});
