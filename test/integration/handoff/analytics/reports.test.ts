import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { writeHistory } from './history.js';

/** Reports say what plain SQL on the rows says. */

let fixture: HandoffFixture;
const hoursAgo = (hours: number): Date => new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000);
const range = { start: hoursAgo(60), end: hoursAgo(4), timeZone: 'Europe/Berlin' } as const;

beforeAll(async () => {
  fixture = await handoffFixture();
  await writeHistory(fixture, { sessions: 150, from: hoursAgo(70).toISOString(), to: hoursAgo(1).toISOString(), seed: 0.5 });
  await fixture.sql(
    `INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels, recorded_at)
     SELECT name, value, 'gauge', labels, $1::timestamptz - n * interval '30 minutes'
     FROM generate_series(0, 100) n, (VALUES ('sessions', 12, '{"state": "active"}'::jsonb), ('memory_used_bytes', 850, '{}'), ('memory_limit_bytes', 1000, '{}'))
       AS sample (name, value, labels)`,
    [hoursAgo(4.1)],
  );
  // Many fell asleep in the last minute.
  await fixture.sql(
    `INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels, recorded_at)
     SELECT 'sessions', CASE n WHEN 0 THEN 90 ELSE 1 END, 'gauge', '{"state": "dormant"}', $1::timestamptz - n * interval '1 minute'
     FROM generate_series(0, 40) n`,
    [hoursAgo(4.1)],
  );
  await fixture.sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
     SELECT 'handoff.test', exp(random() * 8), random() < 0.9, '{}', $1::timestamptz + random() * interval '50 hours' FROM generate_series(1, 3000)`,
    [hoursAgo(58)],
  );
  await fixture.analytics.rollUp({ pauseMs: 0 });
});
afterAll(() => fixture.dispose());

async function one<Row extends object>(text: string): Promise<Row> {
  const [row] = await fixture.sql<Row>(text, [range.start, range.end]);
  if (row === undefined) throw new Error('no row');
  return row;
}

it('tells of sessions', async () => {
  const stats = await fixture.analytics.getSessionStatistics({ ...range, groupBy: 'retention_policy' });
  const counts = await one<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM sessions WHERE created_at >= $1 AND created_at < $2) AS opened,
       (SELECT count(*)::int FROM session_lifecycle WHERE event_type = 'expired' AND created_at >= $1 AND created_at < $2) AS expired,
       (SELECT avg(extract(epoch FROM CASE l.event_type WHEN 'expired' THEN s.last_activity_at ELSE l.created_at END - s.created_at))::float8
        FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id
        WHERE l.event_type IN ('expired', 'status_changed') AND l.created_at >= $1 AND l.created_at < $2) AS seconds`,
  );
  expect(stats).toMatchObject({
    totalSessions: counts['opened'],
    expiredSessions: counts['expired'],
    activeSessions: 12,
    sessionsByStatus: { active: 12, dormant: 90 },
    coverage: { aggregatedPercent: 100, lateRows: 0, start: range.start, end: range.end },
  });
  expect(stats.averageSessionDurationSeconds).toBeCloseTo(counts['seconds'] ?? NaN, 3);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  expect(sum(stats.sessionTrends.map(({ openedSessions }) => openedSessions))).toBe(counts['opened']);
  expect(sum(Object.values(stats.groups ?? {}).map(({ totalSessions }) => totalSessions))).toBe(counts['opened']);
  expect(sum(Object.values(stats.sessionsByAgent))).toBe(counts['opened']);
});

it('tells of the same agents whatever is counted: those with most of everything', async () => {
  const { groups = {} } = await fixture.analytics.getSessionStatistics({ ...range, groupBy: 'agent', maxGroups: 2 });
  const named = Object.keys(groups).filter((name) => name !== '_OTHER');
  expect(named).toHaveLength(2);
  expect(Object.keys(groups)).toHaveLength(3);
  const rows = await fixture.sql<{ agent: string; expired: number }>(
    `SELECT s.agent_from AS agent, count(*)::int AS expired FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id
     WHERE l.event_type = 'expired' AND l.created_at >= $1 AND l.created_at < $2 AND s.agent_from = ANY ($3) GROUP BY 1`,
    [range.start, range.end, named],
  );
  expect(rows).toHaveLength(2);
  for (const { agent, expired } of rows) expect(groups[agent]?.expiredSessions, agent).toBe(expired);
});

it('tells of handoffs', async () => {
  const stats = await fixture.analytics.getHandoffSuccessRates({ ...range, maxGroups: 3 });
  const counts = await one<Record<string, number>>(
    `SELECT count(*) FILTER (WHERE created_at >= $1 AND created_at < $2)::int AS requested,
       count(*) FILTER (WHERE status IN ('accepted', 'completed') AND answered_at >= $1 AND answered_at < $2)::int AS accepted,
       count(*) FILTER (WHERE status = 'rejected' AND answered_at >= $1 AND answered_at < $2)::int AS rejected,
       count(*) FILTER (WHERE status = 'timed_out' AND completed_at >= $1 AND completed_at < $2)::int AS late
     FROM handoff_requests`,
  );
  const { accepted = 0, rejected = 0, late = 0 } = counts;
  expect(stats).toMatchObject({
    totalHandoffs: counts['requested'],
    successfulHandoffs: accepted,
    failureReasons: { rejected, timed_out: late },
  });
  expect(stats.successRatePercent).toBeCloseTo((100 * accepted) / (accepted + rejected + late), 9);
  expect(Object.keys(stats.handoffsByRoute)).toHaveLength(4);
  expect(stats.handoffsByRoute['_OTHER']?.totalHandoffs).toBeGreaterThan(0);
});

it('tells of context, by type, with percentiles within 1 %', async () => {
  const stats = await fixture.analytics.getContextGrowthPatterns(range);
  const exact = await one<{ entries: number; bytes: number; p95: number }>(
    `SELECT count(*)::int AS entries, sum(octet_length(content))::float8 AS bytes,
       (percentile_disc(0.95) WITHIN GROUP (ORDER BY octet_length(content)))::float8 AS p95
     FROM context_history WHERE created_at >= $1 AND created_at < $2`,
  );
  expect(stats).toMatchObject({ totalContextEntries: exact.entries, totalSizeBytes: exact.bytes });
  expect(Math.abs((stats.p95SizeBytes ?? NaN) - exact.p95)).toBeLessThanOrEqual(exact.p95 * 0.01);
  expect(Object.keys(stats.contentTypeDistribution).sort()).toEqual(['file', 'message', 'system', 'tool_call']);
});

it('tells of performance, with percentiles within 1 %', async () => {
  const { operationMetrics } = await fixture.analytics.getPerformanceTrends(range);
  const exact = await one<Record<string, number>>(
    `SELECT count(*)::int AS calls, count(*) FILTER (WHERE NOT success)::int AS failed,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50, percentile_disc(0.99) WITHIN GROUP (ORDER BY duration_ms) AS p99
     FROM performance_logs WHERE created_at >= $1 AND created_at < $2`,
  );
  const figures = operationMetrics['handoff.test'];
  expect(figures).toMatchObject({ totalCalls: exact['calls'], failedCalls: exact['failed'], trend: 'stable' });
  for (const [name, value] of [
    ['p50', figures?.p50DurationMs],
    ['p99', figures?.p99DurationMs],
  ] as const)
    expect(Math.abs((value ?? NaN) / (exact[name] ?? NaN) - 1)).toBeLessThanOrEqual(0.01);
});

it('tells of resources what was sampled, and null of what was not', async () => {
  const stats = await fixture.analytics.getResourceUtilization(range);
  expect(stats.current).toEqual({ memoryPercent: 85, cpuPercent: null, diskPercent: null, activeConnections: null, activeSessions: 12 });
  expect(stats.alerts).toMatchObject([{ type: 'memory', thresholdPercent: 80, severity: 'warning' }]);
});

describe('a range', () => {
  it('of which nothing is known gives nothing, and says so', async () => {
    const old = { start: new Date('2024-01-01'), end: new Date('2024-01-02') };
    expect(await fixture.analytics.getHandoffSuccessRates(old)).toMatchObject({ totalHandoffs: 0, successRatePercent: null });
  });

  it('that is reversed is refused', async () => {
    const reversed = { start: range.end, end: range.start };
    await expect(fixture.analytics.getSessionStatistics(reversed)).rejects.toMatchObject({ code: 'HANDOFF_TIME_RANGE_INVALID' });
  });

  it('cannot be grouped by what a report does not know', async () => {
    await expect(fixture.analytics.getContextGrowthPatterns({ ...range, groupBy: 'route' })).rejects.toThrow('groupBy');
  });

  it('of which only a part is counted is compared with as much of the time before', async () => {
    const [start, counted, end] = [hoursAgo(30), hoursAgo(20), hoursAgo(4)];
    const moveTo = (time: Date) => fixture.sql('UPDATE analytics_watermarks SET rolled_up_to = $1', [time]);
    const [kept] = await fixture.sql<{ at: Date }>('SELECT min(rolled_up_to) AS at FROM analytics_watermarks');
    await moveTo(counted);
    const [rows] = await fixture.sql<{ current: number; previous: number }>(
      `SELECT count(*) FILTER (WHERE created_at >= $2)::int AS current, count(*) FILTER (WHERE created_at < $2)::int AS previous
       FROM sessions WHERE created_at >= $1 AND created_at < $3`,
      [hoursAgo(40), start, counted],
    );
    expect((await fixture.analytics.getSessionStatistics({ start, end })).comparison).toMatchObject(rows ?? {});
    // Of a range of which nothing is counted there is nothing to compare with.
    const { comparison } = await fixture.analytics.getContextGrowthPatterns({ start: hoursAgo(10), end });
    expect(comparison).toEqual({ current: 0, previous: null, changePercent: null });
    await moveTo(kept?.at ?? end);
  });
});
