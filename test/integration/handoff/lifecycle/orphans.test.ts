import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());
beforeEach(async () => {
  await fixture.sql('TRUNCATE sessions, session_lifecycle, deletion_records, sweep_positions CASCADE');
});

interface Made {
  readonly daysAgo?: number;
  readonly idleDays?: number;
  readonly entries?: readonly number[];
  readonly columns?: string;
  readonly agentFrom?: string;
}

/** A session of a policy that lets it rest for a hundred days. */
async function session(key: string, { daysAgo = 20, idleDays = 20, entries = [], columns, agentFrom = 'a' }: Made): Promise<string> {
  const [row] = await fixture.sql<{ id: string }>(
    `INSERT INTO sessions (session_key, agent_from, created_at, last_activity_at, expires_at, ttl_hours)
     VALUES ($1, $2, now() - $3 * interval '1 day', now() - $4 * interval '1 day', now() + interval '80 days', 2400) RETURNING id`,
    [key, agentFrom, daysAgo, idleDays],
  );
  const id = row?.id ?? '';
  if (columns !== undefined) await fixture.sql(`UPDATE sessions SET ${columns} WHERE id = $1`, [id]);
  await fixture.sql(
    "INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT $1, n, 'message', 'x' FROM unnest($2::int[]) AS n",
    [id, entries],
  );
  return id;
}

const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await fixture.sql<{ session_key: string; status: string }>('SELECT session_key, status FROM sessions ORDER BY 1')).map(
      ({ session_key: key, status }) => [key, status],
    ),
  );
const problems = async (): Promise<[string, string][]> =>
  (
    await fixture.sql<{ key: string; problem: string }>(
      `SELECT s.session_key AS key, l.event_data ->> 'problem' AS problem FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id
       WHERE l.event_type = 'corrupt' ORDER BY 1, 2`,
    )
  ).map(({ key, problem }) => [key, problem]);

it('ends sessions that were idle for a week without context or without an owner, and no others', async () => {
  await session('empty', {});
  await session('empty-dormant', { columns: 'is_dormant = true' });
  await session('ownerless', { entries: [1], agentFrom: ' ' });
  await session('used', { entries: [1] });
  await session('recent', { idleDays: 6 });
  await session('completed', { columns: "status = 'completed'" });
  await session('by-hand', { columns: 'ttl_hours = NULL' });
  const calls = await Promise.all([1, 2, 3].map(() => fixture.lifecycle.cleanupOrphanedSessions()));
  expect(calls.reduce((sum, count) => sum + count, 0)).toBe(4);
  expect(await states()).toEqual({
    'by-hand': 'expired',
    completed: 'completed',
    empty: 'expired',
    'empty-dormant': 'expired',
    ownerless: 'expired',
    recent: 'active',
    used: 'active',
  });
  expect(
    await fixture.sql(
      "SELECT event_data ->> 'cause' AS cause, count(*)::int AS n FROM session_lifecycle WHERE event_type = 'expired' GROUP BY 1",
    ),
  ).toEqual([{ cause: 'orphaned', n: 4 }]);
  expect(
    await fixture.sql("SELECT count(*)::int AS n FROM sessions WHERE status = 'expired' AND (expires_at > now() OR is_dormant)"),
  ).toEqual([{ n: 0 }]);
  expect(await fixture.lifecycle.cleanupOrphanedSessions()).toBe(0);
});

it('goes through all of them, page by page', async () => {
  for (let n = 0; n < 25; n += 1) await session(`k${n}`, { daysAgo: 20 + (n % 3), entries: n % 2 === 0 ? [1] : [] });
  expect(await fixture.lifecycle.sweeps.orphans({ batchSize: 4, pauseMs: 0 })).toMatchObject({ taken: 25, changed: 12, isComplete: true });
});

it('an entry that comes first keeps its session', async () => {
  await session('k', {});
  const client = await fixture.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE sessions SET last_activity_at = now()');
    expect(await fixture.lifecycle.cleanupOrphanedSessions()).toBe(0);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  expect(await fixture.lifecycle.cleanupOrphanedSessions()).toBe(0);
});

it('records each problem once, whoever looks, and changes nothing', async () => {
  await session('fine', { entries: [1, 2, 3] });
  await session('gap', { entries: [1, 3] });
  await session('no-first', { entries: [2, 3] });
  await session('odd', { columns: "status = 'pending'", entries: [1] });
  const twice = await session('twice', { columns: "archived_at = now(), status = 'expired'", entries: [1] });
  await fixture.sql(
    `INSERT INTO session_archives (session_id, object_key, store, location, sha256, stored_bytes, content_bytes, entry_count, snapshot_count, handoff_count)
     VALUES ($1, 'o', 'files', '/data', repeat('0', 64), 1, 1, 1, 0, 0)`,
    [twice],
  );
  const before = await fixture.sql('SELECT count(*)::int AS n, sum(sequence_number)::int AS s FROM context_history');
  const found = await Promise.all([1, 2, 3].map(() => fixture.lifecycle.sweeps.integrity({ batchSize: 2, pauseMs: 0 })));
  expect(found.reduce((sum, { changed }) => sum + changed, 0)).toBe(4);
  const expected = [
    ['gap', 'sequence_gap'],
    ['no-first', 'sequence_gap'],
    ['odd', 'unknown_status'],
    ['twice', 'archived_twice'],
  ];
  expect(await problems()).toEqual(expected);
  expect(await fixture.lifecycle.sweeps.integrity()).toMatchObject({ taken: 5, changed: 0, isComplete: true });
  expect(await problems()).toEqual(expected);
  expect(await fixture.sql('SELECT count(*)::int AS n, sum(sequence_number)::int AS s FROM context_history')).toEqual(before);
});

it('continues where it was stopped, and begins again at the end', async () => {
  for (let n = 0; n < 5; n += 1) await session(`k${n}`, { entries: [2] });
  const stopped = { batchSize: 2, maxBatches: 1 };
  const found = [];
  for (let n = 0; n < 3; n += 1) found.push(await fixture.lifecycle.sweeps.integrity(stopped));
  expect(found.map(({ taken, isComplete }) => [taken, isComplete])).toEqual([
    [2, false],
    [2, false],
    [1, true],
  ]);
  expect(await problems()).toHaveLength(5);
  expect(await fixture.lifecycle.sweeps.integrity(stopped)).toMatchObject({ taken: 2, changed: 0 });
});

it('finds a gap wherever it is in a long session, in bounded parts, and goes on in the middle of it', async () => {
  for (const key of ['whole', 'late gap', 'short']) await session(key, {});
  const fill = (key: string, entries: number): Promise<unknown> =>
    fixture.sql(
      `INSERT INTO context_history (session_id, sequence_number, context_type, content)
       SELECT s.id, n, 'message', 'x' FROM sessions s, generate_series(1, $2::int) AS n WHERE s.session_key = $1`,
      [key, entries],
    );
  await fill('whole', 60_000);
  await fill('late gap', 60_000);
  await fill('short', 5000);
  await fixture.sql(
    "DELETE FROM context_history h USING sessions s WHERE s.id = h.session_id AND session_key = 'late gap' AND sequence_number = 59999",
  );
  const outcomes = [];
  do outcomes.push(await fixture.lifecycle.sweeps.integrity({ maxBatches: 1 }));
  while (outcomes.at(-1)?.isComplete === false && outcomes.length < 20);
  expect(await problems()).toEqual([['late gap', 'sequence_gap']]);
  // The page, two parts of each long session, and one that finds that the session of 5000 entries has no more.
  expect(outcomes).toHaveLength(6);
  expect(outcomes.reduce((sum, { taken }) => sum + taken, 0)).toBe(3);
  expect(await fixture.lifecycle.sweeps.integrity()).toMatchObject({ changed: 0, isComplete: true, batches: 6 });
});

it('takes the meaningless dormancy off sessions that an earlier server has ended', async () => {
  await session('ended', { columns: "status = 'expired', is_dormant = true", entries: [1] });
  await fixture.lifecycle.sweeps.integrity();
  expect(await fixture.sql('SELECT is_dormant FROM sessions')).toEqual([{ is_dormant: false }]);
  expect(await problems()).toEqual([]);
});

it('deletes context without a session where no foreign key forbids it, and records that', async () => {
  const [constraint] = await fixture.sql<{ conname: string }>(
    "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'context_history'::regclass",
  );
  await session('kept', { entries: [1, 2] });
  await fixture.sql(`ALTER TABLE context_history DROP CONSTRAINT ${constraint?.conname ?? ''}`);
  await fixture.sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content)
     SELECT gen_random_uuid(), 1, 'message', 'stray' FROM generate_series(1, 7)`,
  );
  expect(await fixture.lifecycle.sweeps.orphans({ batchSize: 3, pauseMs: 0 })).toMatchObject({ changed: 0, isComplete: true });
  expect(await fixture.sql('SELECT count(*)::int AS n FROM context_history')).toEqual([{ n: 2 }]);
  expect(await fixture.sql('SELECT cause, deleted FROM deletion_records')).toEqual(
    Array.from({ length: 7 }, () => ({ cause: 'orphan', deleted: { entries: 1 } })),
  );
});
