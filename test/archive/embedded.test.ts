import { afterAll, expect, it } from 'vitest';
import { join } from 'node:path';
import { createFileStore } from '../../src/handoff/archive/objects/fileStore.js';
import { createHandoffServices } from '../../src/handoff/services.js';
import { createMemoryCache } from '../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../src/handoff/storage/migrate/migrate.js';
import { systemClock } from '../../src/time/clock.js';
import { createScratch } from '../integration/handoff/storage/embedded/scratch.js';

const scratch = createScratch();
afterAll(() => scratch.cleanUp());

it('archives and restores on the embedded database, with two servers that share it', async () => {
  const folder = await scratch.emptyFolder();
  const [database, second] = [await scratch.open(folder, { openTimeoutMs: 110_000 }), await scratch.open(folder)];
  await migrate(database, {}, { clock: systemClock, random: Math.random });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const cache = await createMemoryCache({}, { clock: systemClock });
  const store = createFileStore(join(folder, 'archive'));
  const [here, there] = [database, second].map((each) => createHandoffServices({ database: each, cache, archive: store, log }));
  if (here === undefined || there === undefined) throw new Error('two servers were made');

  for (let number = 1; number <= 20; number += 1) {
    const sessionKey = `k${number}`;
    await here.sessions.register({ sessionKey, agentFrom: 'a', metadata: { number } });
    await there.sessions.append({ sessionKey, contextType: 'message', content: 'ü'.repeat(number), metadata: {} });
  }
  const rows = `SELECT h::text AS row FROM context_history h ORDER BY id`;
  const before = (await database.pool.query<{ row: string }>(rows)).rows;
  await database.pool.query("UPDATE sessions SET status = 'expired', expires_at = now(), last_activity_at = now() - interval '2 days'");
  const outcomes = await Promise.all([here.archive.archiveDue(50), there.archive.archiveDue(50)]);
  expect(outcomes.reduce((sum, { archived }) => sum + archived, 0)).toBe(20);
  expect(outcomes.every(({ failed }) => failed === 0)).toBe(true);
  expect((await database.pool.query(rows)).rows).toEqual([]);

  expect(await there.sessions.context({ sessionKey: 'k7', afterSequenceNumber: 1, limit: 5 })).toMatchObject({
    contextHistory: [{ sequenceNumber: 2, content: 'ü'.repeat(7) }],
  });
  for (const { session_id: id } of await here.archive.list(undefined, 100))
    expect(await there.archive.restore(id)).toMatchObject({ kind: 'restored' });
  expect((await database.pool.query<{ row: string }>(rows)).rows).toEqual(before);
});
