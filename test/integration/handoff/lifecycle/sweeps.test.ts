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

const NO_PAUSE = { pauseMs: 0 };

/** Makes sessions with one entry each, from SQL for each column. */
async function sessions(count: number, columns: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(columns);
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, last_sequence_number${names.map((name) => `, ${name}`).join('')})
     SELECT 'k' || n, 'a', 1${names.map((name) => `, ${columns[name]}`).join('')} FROM generate_series(1, ${count}) AS n`,
  );
  await fixture.sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT id, 1, 'system', 'x' FROM sessions`,
  );
}

const events = (type: string): Promise<{ session_id: string; event_data: Record<string, unknown> }[]> =>
  fixture.sql('SELECT session_id, event_data FROM session_lifecycle WHERE event_type = $1', [type]);
const counts = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await fixture.sql<{ state: string; n: number }>(
        `SELECT CASE WHEN archived_at IS NOT NULL THEN 'archived' WHEN is_dormant THEN 'dormant' ELSE status END AS state, count(*)::int AS n
         FROM sessions GROUP BY 1`,
      )
    ).map(({ state, n }) => [state, n]),
  );
const IDLE = { expires_at: "now() - interval '1 hour'", last_activity_at: "now() - interval '30 hours'" };

it('ends what is due, once, and no other', async () => {
  await sessions(2500, { ...IDLE, expires_at: "CASE WHEN n <= 2200 THEN now() - interval '1 hour' ELSE now() + interval '1 hour' END" });
  const outcomes = await Promise.all([1, 2, 3].map(() => fixture.lifecycle.sweeps.expired({ ...NO_PAUSE, batchSize: 100 })));
  expect(outcomes.reduce((sum, { changed }) => sum + changed, 0)).toBe(2200);
  expect(await counts()).toEqual({ expired: 2200, active: 300 });
  const written = await events('expired');
  expect(written).toHaveLength(2200);
  expect(new Set(written.map(({ session_id: id }) => id)).size).toBe(2200);
  expect(written[0]?.event_data).toMatchObject({ cause: 'idle' });
});

it('moves the time of a session that was active since, and ends it when that has passed', async () => {
  await sessions(1, { expires_at: "now() - interval '1 hour'", last_activity_at: "now() - interval '5 hours'" });
  expect(await fixture.lifecycle.sweeps.expired()).toEqual({ taken: 1, changed: 0, batches: 1, isComplete: true });
  expect(await fixture.sql('SELECT round(extract(epoch FROM expires_at - now()) / 3600)::int AS hours FROM sessions')).toEqual([
    { hours: 19 },
  ]);
  expect(await fixture.lifecycle.sweeps.expired()).toMatchObject({ taken: 0, batches: 1 });
  expect(await events('expired')).toEqual([]);
});

it('does not move a time that was fixed by hand', async () => {
  await sessions(1, { expires_at: "now() - interval '1 second'", last_activity_at: 'now()', ttl_hours: 'NULL' });
  expect((await fixture.lifecycle.sweeps.expired()).changed).toBe(1);
});

it('ends a dormant session whose time was fixed by hand, beside others', async () => {
  await sessions(3, { ...IDLE, is_dormant: 'n < 3', ttl_hours: 'CASE n WHEN 1 THEN NULL ELSE 24 END' });
  expect((await fixture.lifecycle.sweeps.expired()).changed).toBe(3);
  expect(await fixture.sql('SELECT DISTINCT status, is_dormant FROM sessions')).toEqual([{ status: 'expired', is_dormant: false }]);
});

it('gives sessions without a time of expiry one, live and ended', async () => {
  await sessions(2, {
    expires_at: 'NULL',
    last_activity_at: "now() - interval '30 hours'",
    status: "CASE n WHEN 1 THEN 'active' ELSE 'completed' END",
  });
  expect((await fixture.lifecycle.sweeps.expired()).changed).toBe(1);
  expect(await fixture.sql('SELECT status, expires_at <= now() AS due FROM sessions ORDER BY session_key')).toEqual([
    { status: 'expired', due: true },
    { status: 'completed', due: true },
  ]);
  expect((await events('expiration_scheduled'))[0]?.event_data).toMatchObject({ cause: 'missing', ttl_hours: 24 });
});

it('gives all of them one, batch by batch and within its limits', async () => {
  await sessions(25, { expires_at: 'NULL', last_activity_at: "now() - interval '30 hours'" });
  expect(await fixture.lifecycle.sweeps.expired({ ...NO_PAUSE, batchSize: 10, maxBatches: 1 })).toMatchObject({
    batches: 1,
    isComplete: false,
  });
  expect(await fixture.sql('SELECT FROM sessions WHERE expires_at IS NULL')).toHaveLength(15);
  expect(await fixture.lifecycle.sweeps.expired({ ...NO_PAUSE, batchSize: 10 })).toMatchObject({ changed: 15, isComplete: true });
  expect(await counts()).toEqual({ expired: 25 });
});

it('skips a session that a writer holds, and the writer keeps it alive', async () => {
  await sessions(2, IDLE);
  const client = await fixture.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("UPDATE sessions SET last_activity_at = now() WHERE session_key = 'k1'");
    expect(await fixture.lifecycle.sweeps.expired()).toMatchObject({ taken: 1, changed: 1 });
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  expect(await fixture.lifecycle.sweeps.expired()).toMatchObject({ taken: 1, changed: 0 });
  expect(await counts()).toEqual({ expired: 1, active: 1 });
});

it('marks idle sessions dormant by the threshold of their policy, and looks again at the others when it may have passed', async () => {
  await sessions(3, {
    last_activity_at: "now() - interval '3 hours'",
    expires_at: "now() + interval '1 day'",
    retention_policy: "(ARRAY['standard', 'extended', 'no-such-policy'])[n]",
  });
  expect(await fixture.lifecycle.sweeps.dormant()).toMatchObject({ taken: 3, changed: 2 });
  expect(await fixture.sql('SELECT session_key FROM sessions WHERE is_dormant ORDER BY 1')).toEqual([
    { session_key: 'k1' },
    { session_key: 'k3' },
  ]);
  expect(
    await fixture.sql(
      'SELECT round(extract(epoch FROM dormancy_check_at - now()) / 3600)::int AS hours FROM sessions WHERE NOT is_dormant',
    ),
  ).toEqual([{ hours: 3 }]);
  expect(await fixture.lifecycle.sweeps.dormant()).toMatchObject({ taken: 0 });
  await fixture.sql("UPDATE retention_policies SET dormant_threshold_hours = 6 WHERE name = 'extended'");
  expect(await events('dormant')).toHaveLength(2);
});

it('does not restart the idle clock (D1), and an update wakes a session once', async () => {
  await sessions(1, { last_activity_at: "now() - interval '9 days'", expires_at: "now() + interval '9 days'", ttl_hours: '1000' });
  await fixture.lifecycle.sweeps.dormant();
  expect(await fixture.sql('SELECT is_dormant, extract(day FROM now() - last_activity_at)::int AS days FROM sessions')).toEqual([
    { is_dormant: true, days: 9 },
  ]);
  await fixture.sessions.append({ sessionKey: 'k1', contextType: 'message', content: 'x', metadata: {} });
  expect(await events('reactivated')).toHaveLength(1);
  expect(await fixture.lifecycle.sweeps.dormant()).toMatchObject({ taken: 1, changed: 0 });
});

it('drops the preview of a session that falls asleep while it may still be cached', async () => {
  await fixture.sql("UPDATE retention_policies SET dormant_threshold_hours = 0.5 WHERE name = 'short'");
  await sessions(1, {
    last_activity_at: "now() - interval '45 minutes'",
    expires_at: "now() + interval '1 day'",
    retention_policy: "'short'",
  });
  await fixture.cache.set('session:k1:latest_context', 'preview', 3600);
  await fixture.cache.set('handoff:b:k1', 'package', 3600);
  await fixture.lifecycle.sweeps.dormant();
  expect([...fixture.cache.entries.keys()]).toEqual(['handoff:b:k1']);
  fixture.cache.entries.clear();
});

it('stops at its limits and when it is told to', async () => {
  await sessions(50, IDLE);
  expect(await fixture.lifecycle.sweeps.expired({ ...NO_PAUSE, batchSize: 10, maxBatches: 2 })).toEqual({
    taken: 20,
    changed: 20,
    batches: 2,
    isComplete: false,
  });
  expect(await fixture.lifecycle.sweeps.expired({ signal: AbortSignal.abort() })).toMatchObject({ batches: 0, isComplete: false });
  const stop = new AbortController();
  const running = fixture.lifecycle.sweeps.expired({ batchSize: 10, pauseMs: 60_000, signal: stop.signal });
  await expect.poll(async () => (await counts())['expired']).toBe(30);
  stop.abort();
  expect(await running).toMatchObject({ batches: 1, isComplete: false });
});
