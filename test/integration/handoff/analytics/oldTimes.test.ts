import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { bruteForce, rolledUp } from './bruteForce.js';
import { writeHistory } from './history.js';

/** Minutes are kept for 8 days and hours for 400: what goes, what stays, and what reports say of a time of which less is known. */

const DAY_MS = 86_400_000;
const today = Math.floor((Date.now() - 60_000) / DAY_MS) * DAY_MS;
const at = (daysAgo: number): Date => new Date(today - daysAgo * DAY_MS);
const iso = (daysAgo: number): string => at(daysAgo).toISOString();

let fixture: HandoffFixture;
let before: readonly string[];
beforeAll(async () => {
  fixture = await handoffFixture();
  await writeHistory(fixture, {
    sessions: 300,
    from: iso(430),
    to: new Date(Date.now() - 600_000).toISOString(),
    seed: 0.5,
    openedShare: 1,
  });
  // Right at the bounds, on both sides.
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, created_at)
     SELECT 'bound ' || n, 'bound', at FROM unnest($1::timestamptz[]) WITH ORDINALITY AS bound (at, n)`,
    [[8, 400].flatMap((days) => [at(days), new Date(at(days).getTime() - 1)])],
  );
  // In what is read of the reports below, and not in what is read of the time before.
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, created_at)
     SELECT 'widened ' || at || n, 'bound', at + interval '30 minutes' FROM unnest($1::timestamptz[]) at, generate_series(1, 9) n`,
    [[at(30), at(410)]],
  );
  await fixture.analytics.rollUp({ pauseMs: 0 });
  before = await bruteForce(fixture);
  await fixture.analytics.prune();
});
afterAll(() => fixture.dispose());

const KEPT_SINCE: Readonly<Record<string, string>> = { minute: iso(8), hour: iso(400) };

it('minutes and hours before their bound go, and nothing else', async () => {
  const kept = before.filter((line) => {
    const [, unit = '', bucket = ''] = line.split(' ');
    return bucket >= (KEPT_SINCE[unit] ?? '');
  });
  expect(await rolledUp(fixture)).toEqual(kept);
  for (const unit of ['minute', 'hour']) {
    expect(kept.some((line) => line.startsWith(`sessions ${unit} ${KEPT_SINCE[unit]}`))).toBe(true);
    expect(before.some((line) => line.startsWith(`sessions ${unit} `) && line < `sessions ${unit} ${KEPT_SINCE[unit]}`)).toBe(true);
  }
  expect(await fixture.analytics.prune()).toBe(0);
});

it('more than one batch goes in one run', async () => {
  await fixture.sql(
    `INSERT INTO analytics_aggregations (aggregation_type, granularity, dimension, dimension_value, time_bucket, aggregation_data)
     SELECT 'sessions', 'minute', 'agent', n::text, $1, '{}' FROM generate_series(1, 5001) n`,
    [at(9)],
  );
  expect(await fixture.analytics.prune()).toBe(5001);
});

it('facts of deleted sessions are added up to what is kept of their time, and those of sessions that are there are not', async () => {
  const [session] = await fixture.sql<{ id: string }>('SELECT id FROM sessions LIMIT 1');
  const times = [7, 9, 401].map((days) => new Date(at(days).getTime() + 90 * 60_000 + 60_000));
  await fixture.sql(
    `INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
     SELECT 'context', at + extra * interval '1 minute', session_id, 'content_bytes', '{"agent": "gone"}', 10, 1, 10 + extra, 10 + extra, 10 + extra
     FROM unnest($1::timestamptz[]) at, generate_series(0, 1) extra, (VALUES (NULL::uuid), ($2)) AS of (session_id)`,
    [times, session?.id],
  );
  await fixture.analytics.prune();
  const facts = (of: string): Promise<object[]> =>
    fixture.sql(
      `SELECT at, n::int AS n, total, low, high FROM analytics_facts WHERE labels ->> 'agent' = 'gone' AND session_id IS ${of} ORDER BY at`,
    );
  const [recent, hourly] = times;
  const sum = { n: 2, total: 21, low: 10, high: 11 };
  const one = (time: Date | undefined, value: number): object => ({ at: time, n: 1, total: value, low: value, high: value });
  expect(await facts('NULL')).toEqual([
    { at: at(401), ...sum },
    { at: new Date(Math.floor((hourly?.getTime() ?? 0) / 3_600_000) * 3_600_000), ...sum },
    one(recent, 10),
    one(new Date((recent?.getTime() ?? 0) + 60_000), 11),
  ]);
  expect(await facts('NOT NULL')).toHaveLength(6);
  // What has been added up is not added up again.
  expect(await fixture.analytics.prune()).toBe(0);
  await fixture.sql("DELETE FROM analytics_facts WHERE labels ->> 'agent' = 'gone'");
});

it('facts are left alone while their kind is behind, whose minutes are still to be made of them, and when the run is to end', async () => {
  const isFineGrained = async (): Promise<boolean> =>
    (await fixture.sql("SELECT FROM analytics_facts WHERE labels ->> 'agent' = 'behind' AND extract(minute FROM at) = 31")).length === 1;
  await fixture.sql(
    `INSERT INTO analytics_facts (kind, at, measure, labels, slot, n, total, low, high)
     VALUES ('context', $1, 'content_bytes', '{"agent": "behind"}', 10, 1, 10, 10, 10)`,
    [new Date(at(9).getTime() + 31 * 60_000)],
  );
  const [watermark] = await fixture.sql<{ at: Date }>("SELECT rolled_up_to AS at FROM analytics_watermarks WHERE kind = 'context'");
  const rolledUpTo = (time: Date | undefined): Promise<unknown> =>
    fixture.sql("UPDATE analytics_watermarks SET rolled_up_to = $1 WHERE kind = 'context'", [time]);
  await rolledUpTo(at(10));
  expect([await fixture.analytics.prune(), await isFineGrained()]).toEqual([0, true]);
  await rolledUpTo(watermark?.at);
  expect([await fixture.analytics.prune(AbortSignal.abort()), await isFineGrained()]).toEqual([0, true]);
  expect([await fixture.analytics.prune(), await isFineGrained()]).toEqual([1, false]);
  await fixture.sql("DELETE FROM analytics_facts WHERE labels ->> 'agent' = 'behind'");
});

describe('a report of a time of which less is known', () => {
  const opened = async (start: Date, end: Date): Promise<number> =>
    (
      await fixture.sql<{ n: number }>('SELECT count(*)::int AS n FROM sessions WHERE created_at >= $1 AND created_at < $2', [start, end])
    )[0]?.n ?? -1;
  const hours = (date: Date, count: number): Date => new Date(date.getTime() + count * 3_600_000);

  it.each([
    ['hours', 30, 0.3, 0.7, 0, 1],
    ['days', 410, 5.5, 30.5, 0, 48],
  ])('is widened to whole %s, and says so', async (_unit, daysAgo, start, end, from, to) => {
    const range = { start: hours(at(daysAgo), start), end: hours(at(daysAgo), end) };
    const { totalSessions, coverage, comparison } = await fixture.analytics.getSessionStatistics(range);
    expect(coverage).toMatchObject({ aggregatedPercent: 100, start: hours(at(daysAgo), from), end: hours(at(daysAgo), to) });
    expect(totalSessions).toBe(await opened(coverage.start, coverage.end));
    // As long a time before what was read, and nothing of what was read.
    const lengthMs = coverage.end.getTime() - coverage.start.getTime();
    expect(comparison.previous).toBe(await opened(new Date(coverage.start.getTime() - lengthMs), coverage.start));
  });

  it.each([
    ['Asia/Kolkata', 40, 'day'],
    ['Asia/Kolkata', 20, 'hour'],
    ['Europe/Berlin', 425, 'month'],
    ['America/New_York', 425, 'week'],
  ] as const)('of %s counts all that happened in the %i days, in parts of a %s', async (timeZone, daysAgo, granularity) => {
    const range = { start: at(daysAgo), end: at(1), timeZone, granularity };
    const { totalSessions, sessionTrends } = await fixture.analytics.getSessionStatistics(range);
    expect(totalSessions).toBe(await opened(range.start, range.end));
    expect(sessionTrends.reduce((sum, { openedSessions }) => sum + openedSessions, 0)).toBe(totalSessions);
  });

  it('leaves out hours of which only days are known', async () => {
    const range = { start: at(402), end: at(399), granularity: 'hour' } as const;
    const { totalSessions, sessionTrends } = await fixture.analytics.getSessionStatistics(range);
    expect(totalSessions).toBe(await opened(range.start, range.end));
    expect(sessionTrends).toHaveLength(24);
    expect(sessionTrends[0]).toMatchObject({ timestamp: at(400) });
  });
});
