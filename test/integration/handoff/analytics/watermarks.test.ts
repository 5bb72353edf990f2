import { afterEach, beforeEach, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** What is rolled up stays so, whatever transactions stay open, and whatever was dropped. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let fixture: HandoffFixture;
beforeEach(async () => {
  fixture = await handoffFixture();
});
afterEach(() => fixture.dispose());

const rollUp = (): Promise<unknown> => fixture.analytics.rollUp({ pauseMs: 0 });

async function watermarks(): Promise<ReadonlyMap<string, number>> {
  const rows = await fixture.sql<{ kind: string; rolled_up_to: Date }>('SELECT kind, rolled_up_to FROM analytics_watermarks');
  return new Map(rows.map(({ kind, rolled_up_to: to }) => [kind, to.getTime()]));
}

/** A transaction that has written and not ended. Returns what ends it. */
async function openTransaction(): Promise<() => Promise<void>> {
  const client = await fixture.database.pool.connect();
  await client.query('BEGIN');
  await client.query("INSERT INTO sessions (session_key, agent_from) VALUES ('open ' || random(), 'a')");
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

async function rollUpBesideTransaction(): Promise<void> {
  const end = await openTransaction();
  await rollUp();
  await end();
}

it('a barrier of long ago moves no watermark back, and costs no bucket of rows that were dropped since', async () => {
  const nowMs = Date.now();
  await fixture.sql("SELECT handoff_create_monthly_partitions('performance_logs', now() - interval '60 days', now())");
  await fixture.sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, created_at)
     SELECT 'get_context', 10, true, now() - n * interval '1 hour' FROM generate_series(1, 1440) n`,
  );
  await rollUp();
  await rollUpBesideTransaction();
  await fixture.sql(
    `UPDATE sweep_positions SET position = jsonb_set(position::jsonb, '{timeMs}', to_jsonb($1::float8))::text WHERE name = 'analytics-barrier'`,
    [nowMs - 50 * DAY_MS],
  );
  await rollUp();
  await fixture.sql("DELETE FROM performance_logs WHERE created_at < now() - interval '30 days'");
  await fixture.sql("SELECT handoff_seal_rollups('performance_logs', now() - interval '30 days')");
  const calls = async (): Promise<unknown> => {
    const { operationMetrics } = await fixture.analytics.getPerformanceTrends({
      start: new Date(nowMs - 59 * DAY_MS),
      end: new Date(nowMs),
    });
    return operationMetrics['get_context']?.totalCalls;
  };
  const [counted, before] = [await calls(), await watermarks()];
  expect(counted).toBeGreaterThan(1400);
  await rollUpBesideTransaction();
  for (const [kind, to] of await watermarks()) expect([kind, to]).toEqual([kind, before.get(kind)]);
  expect(await calls()).toBe(counted);
  await rollUp();
  expect(await calls()).toBe(counted);
});

it('go back with the clock of the database', async () => {
  await rollUp();
  await fixture.sql("UPDATE analytics_watermarks SET rolled_up_to = date_trunc('minute', now()) + interval '1 day'");
  await rollUp();
  const nowMs = Date.now();
  for (const to of (await watermarks()).values()) expect(to).toBeLessThanOrEqual(nowMs);
});

it('late rows of an hour count beside one whose rows were dropped', async () => {
  const hourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 30 * HOUR_MS;
  const [session] = await fixture.sql<{ id: string }>(
    "INSERT INTO sessions (session_key, agent_from, created_at) VALUES ('k', 'a', $1) RETURNING id",
    [new Date(hourMs - HOUR_MS / 2)],
  );
  for (const atMs of [hourMs - 600_000, hourMs + 600_000])
    await fixture.sql("INSERT INTO session_lifecycle (session_id, event_type, created_at) VALUES ($1, 'dormant', $2)", [
      session?.id,
      new Date(atMs),
    ]);
  await rollUp();
  await fixture.sql("SELECT handoff_seal_rollups('session_lifecycle', $1)", [new Date(hourMs)]);
  const hours = (): Promise<{ at: Date }[]> =>
    fixture.sql(
      `SELECT time_bucket AS at FROM analytics_buckets WHERE aggregation_type = 'transitions' AND granularity = 'hour'
       AND aggregation_data -> 'dormant' IS NOT NULL ORDER BY 1`,
    );
  const before = await hours();
  await fixture.database.transaction(async (q) => {
    await fixture.analytics.forgetErased(q, { sessionId: session?.id ?? '' });
  });
  await fixture.sql('DELETE FROM session_lifecycle');
  await rollUp();
  const after = await hours();
  const times = (rows: readonly { at: Date }[]): number[] => [...new Set(rows.map(({ at }) => at.getTime()))];
  expect([times(before), times(after)]).toEqual([[hourMs - HOUR_MS, hourMs], [hourMs - HOUR_MS]]);
});
