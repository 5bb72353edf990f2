import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** No log partition is dropped before its rows are rolled up, and what is made of them stays when they are gone. */

/** Logs are kept for 30 days: all of these may go, on whatever day of the month. */
const MONTHS = [3, 4, 5] as const;

let fixture: HandoffFixture;
beforeEach(async () => {
  fixture = await handoffFixture();
  await fixture.sql(`SELECT handoff_create_monthly_partitions('performance_logs', ${monthsAgo(5)}, now())`);
  for (const n of MONTHS) await writeCall(n);
});
afterEach(() => fixture.dispose());

/** The tenth day of the month that many months ago. */
const monthsAgo = (n: number): string =>
  `date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '${n} months' + interval '10 days'`;

const writeCall = (n: number): Promise<object[]> =>
  fixture.sql(`INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('month ${n}', 1, true, ${monthsAgo(n)})`);

/** Whose rows are still there. */
async function months(): Promise<readonly string[]> {
  const rows = await fixture.sql<{ operation: string }>("SELECT operation FROM performance_logs WHERE operation LIKE 'month %' ORDER BY 1");
  return rows.map(({ operation }) => operation);
}

/** Of which operations buckets of months tell, and how many calls. */
const buckets = (): Promise<object[]> =>
  fixture.sql(
    `SELECT dimension_value AS operation, (aggregation_data -> 'duration_us' ->> 'n')::int AS calls FROM analytics_buckets
     WHERE aggregation_type = 'performance' AND granularity = 'month' AND dimension = 'operation' ORDER BY 1`,
  );

const ALL = MONTHS.map((n) => `month ${n}`);
const counted = MONTHS.map((n) => ({ operation: `month ${n}`, calls: 1 }));

it('a partition goes once all of it is rolled up, and its buckets stay', async () => {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  const rolledUpTo = `date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '4 months'`;
  // As if it had come as far as the end of the fifth month, but for a minute; and then that minute too.
  await fixture.sql(`UPDATE analytics_watermarks SET rolled_up_to = ${rolledUpTo} - interval '1 minute' WHERE kind = 'performance'`);
  await fixture.retention.maintainPartitions();
  expect(await months()).toEqual(ALL);
  await fixture.sql(`UPDATE analytics_watermarks SET rolled_up_to = ${rolledUpTo} WHERE kind = 'performance'`);
  await fixture.retention.maintainPartitions();
  expect(await months()).toEqual(['month 3', 'month 4']);
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await fixture.retention.maintainPartitions();
  expect(await months()).toEqual([]);
  expect(await buckets()).toEqual(counted);
});

it('a row that came late keeps its partition, and every later one, until it is counted', async () => {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await writeCall(4);
  await fixture.retention.maintainPartitions();
  expect(await months()).toEqual(['month 3', 'month 4', 'month 4']);
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await fixture.retention.maintainPartitions();
  expect(await months()).toEqual([]);
  expect(await buckets()).toEqual(counted.map((of) => (of.operation === 'month 4' ? { ...of, calls: 2 } : of)));
});

it('a row of no partition goes once it is rolled up', async () => {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await writeCall(20);
  expect(await fixture.retention.maintainPartitions()).toMatchObject({ strayRows: 0 });
  await fixture.analytics.rollUp({ pauseMs: 0 });
  expect(await fixture.retention.maintainPartitions()).toMatchObject({ strayRows: 1 });
  expect(await buckets()).toEqual([{ operation: 'month 20', calls: 1 }, ...counted]);
});

describe('nothing waits for rollups', () => {
  it('that were never made', async () => {
    await fixture.retention.maintainPartitions();
    expect(await months()).toEqual([]);
  });

  it.each([
    ['29 days', ALL],
    ['31 days', []],
  ])('that have not run for 30 days, and these have not for %s', async (silence, left) => {
    await fixture.analytics.rollUp({ pauseMs: 0, timeLimitMs: 0 });
    await fixture.sql(
      `INSERT INTO analytics_watermarks (kind, rolled_up_to, updated_at) VALUES ('performance', ${monthsAgo(6)}, now() - interval '${silence}')
       ON CONFLICT (kind) DO UPDATE SET rolled_up_to = EXCLUDED.rolled_up_to, updated_at = EXCLUDED.updated_at`,
    );
    await fixture.retention.maintainPartitions();
    expect(await months()).toEqual(left);
  });
});

it('buckets of what was dropped are not made anew of the rows that are left', async () => {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await fixture.retention.maintainPartitions();
  expect(await months()).toEqual([]);
  await writeCall(4);
  const { lateRows } = await fixture.analytics.rollUp({ pauseMs: 0 });
  expect(lateRows).toBe(1);
  const [row] = await fixture.sql<{ from: Date; to: Date }>(`SELECT ${monthsAgo(4)} AS "from", ${monthsAgo(4)} + interval '1 day' AS "to"`);
  await fixture.analytics.rebuild(row?.from ?? new Date(), row?.to ?? new Date(), { pauseMs: 0 });
  expect(await buckets()).toEqual(counted);
});
