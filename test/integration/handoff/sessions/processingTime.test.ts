import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { createPostgresDatabase } from '../../../../src/handoff/storage/postgres.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ codebase: { roots: [import.meta.dirname] } });
});
afterAll(() => fixture.dispose());

const times = async (sessionKey: string): Promise<(number | null | undefined)[]> =>
  ((await fixture.sessions.context({ sessionKey, afterSequenceNumber: 0, limit: 10 }))?.contextHistory ?? []).map(
    ({ processingTimeMs }) => processingTimeMs,
  );

it('every entry says how long it took', async () => {
  await fixture.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
  const entry = { sessionKey: 'k', contextType: 'message', content: 'x', metadata: {} } as const;
  await fixture.sessions.append(entry);
  // Calls of one turn share a statement.
  await Promise.all([fixture.sessions.append(entry), fixture.sessions.append(entry)]);
  await fixture.sessions.analyse({ sessionKey: 'k', filePaths: ['processingTime.test.ts'], analysisType: 'structure' });
  await fixture.sessions.handOff({ sessionKey: 'k', targetAgent: 'b', requestType: 'context_transfer', requestData: {} });
  const all = await times('k');
  expect(all).toHaveLength(7);
  for (const time of all) {
    expect(time).toBeGreaterThan(0);
    expect(time).toBeLessThan(10_000);
  }
});

it('an entry that waited for others on its session says so', async () => {
  await fixture.sessions.register({ sessionKey: 'busy', agentFrom: 'a', metadata: {} });
  const rival = await fixture.database.pool.connect();
  try {
    await rival.query("BEGIN; SELECT 1 FROM sessions WHERE session_key = 'busy' FOR UPDATE");
    const appended = fixture.sessions.append({ sessionKey: 'busy', contextType: 'message', content: 'x', metadata: {} });
    const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    await expect.poll(() => fixture.sql(waiting)).toEqual([{ n: 1 }]);
    await delay(200);
    await rival.query('COMMIT');
    expect(await appended).toMatchObject({ kind: 'appended' });
  } finally {
    rival.release();
  }
  const [first, second] = await times('busy');
  expect(second).toBeGreaterThan(199);
  expect(first).not.toBe(second);
});

it('an entry took no negative time where the clock of the database was put back meanwhile', async () => {
  await fixture.sql('CREATE SCHEMA put_back');
  await fixture.sql(`CREATE FUNCTION put_back.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS $$ SELECT pg_catalog.clock_timestamp() - interval '1 hour' $$`);
  const url = new URL(fixture.url);
  url.searchParams.set('options', '-c search_path=put_back,pg_catalog,public');
  const database = await createPostgresDatabase({ connectionString: url.href });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  try {
    const { sessions } = createHandoffServices({ database, cache: fixture.cache, log });
    await sessions.register({ sessionKey: 'clock', agentFrom: 'a', metadata: {} });
    await sessions.append({ sessionKey: 'clock', contextType: 'message', content: 'x', metadata: {} });
  } finally {
    await database.close();
  }
  expect(await times('clock')).toEqual([0, 0]);
});
