import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());
beforeEach(async () => {
  await fixture.sql('TRUNCATE sessions, session_lifecycle, session_holds, deletion_records, archive_leftovers CASCADE');
});

/** An archived session; `entries` are still in the database, as an earlier server leaves them. */
async function archived(key: string, daysAgo: number, policy: string, entries = 1): Promise<string> {
  const [row] = await fixture.sql<{ id: string }>(
    `INSERT INTO sessions (session_key, agent_from, status, is_dormant, archived_at, retention_policy)
     VALUES ($1, 'a', 'expired', true, now() - $2 * interval '1 day', $3) RETURNING id`,
    [key, daysAgo, policy],
  );
  const id = row?.id ?? '';
  await fixture.sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT $1, n, 'message', 'x' FROM generate_series(1, $2) AS n`,
    [id, entries],
  );
  return id;
}

const keys = async (): Promise<string[]> =>
  (await fixture.sql<{ session_key: string }>('SELECT session_key FROM sessions ORDER BY 1')).map(({ session_key: key }) => key);
const purge = (limits = {}) => fixture.lifecycle.sweeps.purge({ pauseMs: 0, ...limits });

it('deletes by the policy of each session, with all that belongs to it, and records it', async () => {
  await archived('short-old', 8, 'short');
  await archived('short-new', 6, 'short');
  await archived('standard-old', 31, 'standard', 3);
  await archived('extended', 31, 'extended');
  await archived('unknown-old', 31, 'gone');
  await archived('unknown-new', 29, 'gone');
  await fixture.sql("INSERT INTO handoff_requests (session_id, requesting_agent) SELECT id, 'a' FROM sessions");
  await fixture.sql("INSERT INTO codebase_snapshots (session_id, file_path, content_hash) SELECT id, 'f', 'h' FROM sessions");
  await fixture.sql("INSERT INTO performance_logs (operation, duration_ms, success, session_id) SELECT 'x', 1, true, id FROM sessions");
  expect(await purge()).toMatchObject({ changed: 3, policies: 4, isComplete: true });
  expect(await keys()).toEqual(['extended', 'short-new', 'unknown-new']);
  expect(await fixture.sql('SELECT count(*)::int AS n FROM context_history')).toEqual([{ n: 3 }]);
  expect(
    await fixture.sql(
      "SELECT cause, retention_policy, deleted_by, deleted FROM deletion_records ORDER BY retention_policy, deleted ->> 'entries'",
    ),
  ).toEqual(
    [
      ['gone', 1],
      ['short', 1],
      ['standard', 3],
    ].map(([policy, entries]) => ({
      cause: 'retention',
      retention_policy: policy,
      deleted_by: 'retention',
      deleted: { entries, snapshots: 1, handoffs: 1, objects: 0, archivedEntries: 0 },
    })),
  );
  const events = await fixture.sql("SELECT event_type FROM session_lifecycle WHERE event_type = 'purged'");
  expect(events).toHaveLength(3);
  expect(await purge()).toMatchObject({ changed: 0 });
});

it('leaves sessions on hold, and goes past them to the others', async () => {
  const held = await archived('held', 90, 'standard');
  await fixture.sql("INSERT INTO session_holds (session_id, reason, placed_by) VALUES ($1, 'lawsuit', 'legal')", [held]);
  await archived('free', 31, 'standard');
  expect(await purge({ batchSize: 1 })).toMatchObject({ changed: 1 });
  expect(await keys()).toEqual(['held']);
  await fixture.sql('DELETE FROM session_holds');
  expect(await purge()).toMatchObject({ changed: 1 });
});

it('a hold that is placed between the choice and the deletion wins', async () => {
  const late = await archived('late', 90, 'standard');
  await archived('other', 90, 'standard');
  // Whoever places a hold locks the session first. Here a hold comes without that lock, at the worst moment: it is seen all the same.
  fixture.before.set('handoff_purge_locked', async () => {
    fixture.before.clear();
    await fixture.sql("INSERT INTO session_holds (session_id, reason, placed_by) VALUES ($1, 'late', 'legal')", [late]);
  });
  await purge();
  expect(await keys()).toEqual(['late']);
  expect(await fixture.sql('SELECT count(*)::int AS n FROM context_history')).toEqual([{ n: 1 }]);
});

it('notes the object of a session for deletion in the same transaction', async () => {
  const id = await archived('cold', 90, 'standard', 0);
  await fixture.sql(
    `INSERT INTO session_archives (session_id, object_key, store, location, sha256, stored_bytes, content_bytes, entry_count, snapshot_count, handoff_count)
     VALUES ($1, 'o/1', 'files', '/data', repeat('0', 64), 10, 20, 7, 0, 0)`,
    [id],
  );
  await fixture.cache.set(`archived_session:${id}`, 'v', 60);
  await fixture.cache.set('archived_session_by_key:cold', 'v', 60);
  expect(await purge()).toMatchObject({ changed: 1 });
  expect(await fixture.sql('SELECT object_key, session_id, noted_at::text AS noted_at FROM archive_leftovers')).toEqual([
    { object_key: 'o/1', session_id: id, noted_at: '-infinity' },
  ]);
  expect(await fixture.sql('SELECT deleted FROM deletion_records')).toEqual([
    { deleted: { entries: 0, snapshots: 0, handoffs: 0, objects: 1, archivedEntries: 7 } },
  ]);
  expect([...fixture.cache.entries.keys()]).toEqual([]);
});

it('many at once delete each session once, and none fails', async () => {
  for (let n = 0; n < 40; n += 1) await archived(`k${n}`, 31 + n, n % 2 === 0 ? 'standard' : 'short');
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => purge({ batchSize: 5 })));
  expect(outcomes.reduce((sum, { changed }) => sum + changed, 0)).toBe(40);
  expect(await fixture.sql('SELECT count(*)::int AS n FROM deletion_records')).toEqual([{ n: 40 }]);
});

it('sessions with many entries go one by one, each whole, while others write', async () => {
  await archived('huge', 40, 'standard', 100_000);
  await archived('large', 39, 'standard', 19_000);
  await archived('small', 38, 'standard', 10);
  await fixture.sessions.register({ sessionKey: 'live', agentFrom: 'a', metadata: {} });
  let isOver = false;
  const purged = purge().finally(() => {
    isOver = true;
  });
  let written = 0;
  while (!isOver) {
    const outcome = await fixture.sessions.append({ sessionKey: 'live', contextType: 'message', content: 'x', metadata: {} });
    expect(outcome.kind).toBe('appended');
    written += 1;
  }
  // The first alone, then the two that are small enough together, then a look that finds nothing.
  expect(await purged).toMatchObject({ changed: 3, batches: 3 });
  expect(written).toBeGreaterThan(3);
  expect(await keys()).toEqual(['live']);
});

it('finds archived sessions whose policy an earlier server left out', async () => {
  await fixture.sql('ALTER TABLE sessions ALTER COLUMN retention_policy DROP NOT NULL');
  await archived('none', 31, 'standard');
  await fixture.sql("UPDATE sessions SET retention_policy = NULL WHERE session_key = 'none'");
  expect(await purge()).toMatchObject({ changed: 1 });
});

it('gives all sessions without a policy one, batch by batch and within its limits', async () => {
  await fixture.sql('ALTER TABLE sessions ALTER COLUMN retention_policy DROP NOT NULL');
  for (let n = 0; n < 5; n += 1) await archived(`none ${n}`, 31, 'standard', 0);
  await fixture.sql('UPDATE sessions SET retention_policy = NULL');
  expect(await purge({ batchSize: 2, maxBatches: 1 })).toMatchObject({ changed: 0, batches: 1, isComplete: false });
  expect(await fixture.sql('SELECT FROM sessions WHERE retention_policy IS NULL')).toHaveLength(3);
  expect(await purge({ batchSize: 2 })).toMatchObject({ changed: 5, isComplete: true });
  expect(await keys()).toEqual([]);
});

it("passes over sessions to which a table of somebody's own refers, and says so when the others are gone", async () => {
  await fixture.sql('CREATE TABLE billing (session_id uuid REFERENCES sessions (id))');
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push(await archived(`k${n}`, 90 - n, n === 5 ? 'short' : 'standard', n === 1 ? 1500 : 1));
  await fixture.sql('INSERT INTO billing VALUES ($1), ($2)', [ids[0], ids[1]]);
  for (const batchSize of [1, 1000]) await expect(purge({ batchSize })).rejects.toMatchObject({ code: '23503' });
  expect(await keys()).toEqual(['k0', 'k1']);
  expect(await fixture.sql('SELECT count(*)::int AS n FROM context_history')).toEqual([{ n: 1501 }]);
  await fixture.sql('DROP TABLE billing');
  expect(await purge()).toMatchObject({ changed: 2, isComplete: true });
});

it('does not look for each session to which a table refers where all are referred to', async () => {
  await fixture.sql('CREATE TABLE billing (session_id uuid REFERENCES sessions (id))');
  for (let n = 0; n < 150; n += 1) await archived(`k${n}`, 90, 'standard', 0);
  await archived('free', 10, 'short', 0);
  await fixture.sql("INSERT INTO billing SELECT id FROM sessions WHERE session_key <> 'free'");
  fixture.sent.length = 0;
  await expect(purge()).rejects.toMatchObject({ code: '23503' });
  expect(fixture.sent.filter((name) => name === 'handoff_purge_locked').length).toBeLessThan(110);
  expect(await keys()).not.toContain('free');
  await fixture.sql('DROP TABLE billing');
});
