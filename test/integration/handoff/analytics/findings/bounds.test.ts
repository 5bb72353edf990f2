import { afterEach, beforeEach, expect, it } from 'vitest';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { before, lastBucket, writeMinutes as writeRolledUp } from './week.js';

/** Neither the tables nor the answers grow without bound. */

let fixture: HandoffFixture;
let end: Date;
beforeEach(async () => {
  fixture = await handoffFixture();
  end = lastBucket();
});
afterEach(() => fixture.dispose());

/** Minutes as rollups write them, of any kind and value, until the end. */
function writeMinutes(kind: string, dimension: string, value: string, from: Date, data: object): Promise<void> {
  return writeRolledUp(fixture, { kind, dimension, value, from, to: end }, data);
}

it('of any number of tools eight are watched, those with most calls, and what was watched stays as long as it is among sixteen', async () => {
  const tools = ['register', 'list', 'handoff'].map((name) => `handoff.session.${name}`);
  tools.push('handoff.context.append', 'handoff.context.read', 'handoff.summary.read', 'handoff.codebase.analyze');
  tools.push('handoff.request.accept', 'handoff.request.reject', 'handoff.request.complete', 'handoff.request.list');
  for (const [rank, tool] of tools.entries())
    await writeMinutes('performance', 'operation', tool, before(end, 30), { duration_us: { n: 100 - rank, total: 5 } });
  for (let made = 0; made < 30; made += 1)
    await writeMinutes('performance', 'operation', `tool-${made}`, before(end, 30), { duration_us: { n: 1000, total: 5 } });
  const watched = async (): Promise<string[]> =>
    (
      await fixture.sql<{ subject: string }>(
        "SELECT subject FROM analytics_detectors WHERE kind = 'tool_latency' AND subject <> '' ORDER BY 1",
      )
    ).map(({ subject }) => subject);
  await fixture.analytics.findAnomalies();
  expect(await watched()).toEqual(tools.slice(0, 8).sort());
  await fixture.sql(
    `UPDATE analytics_aggregations SET aggregation_data = (
       SELECT jsonb_object_agg(key, CASE WHEN key LIKE 'handoff.request.%' THEN '{"duration_us": {"n": 500, "total": 5}}' ELSE value END)
       FROM jsonb_each(aggregation_data)) WHERE dimension = 'operation'`,
  );
  await fixture.sql("UPDATE analytics_detectors SET judged_to = judged_to - interval '5 minutes'");
  await fixture.analytics.findAnomalies();
  expect(await watched()).toEqual(tools.slice(0, 8).sort());
  expect(await fixture.sql('SELECT count(*)::int AS n, max(octet_length(state)) < 65536 AS small FROM analytics_detectors')).toEqual([
    { n: 19, small: true },
  ]);
});

it('findings go 400 days after they have ended, and the oldest of more than 5,000 that have ended; those that last stay', async () => {
  await fixture.sql(
    `INSERT INTO analytics_anomalies (kind, subject, started_at, detected_at, ended_at, severity, direction, score, peak_at, evidence)
     SELECT 'tool_calls', '', at, at, CASE WHEN n <> 6000 THEN at END, 'low', 'above', 0.5, at, '[]'
     FROM generate_series(1, 6000) n, LATERAL (SELECT now() - make_interval(hours => n * 2) AS at) t`,
  );
  await writeMinutes('sessions', '', '', before(end, 3), { opened: { n: 1 } });
  await fixture.analytics.findAnomalies();
  expect(
    await fixture.sql(
      `SELECT count(*)::int AS n, min(started_at) FILTER (WHERE ended_at IS NOT NULL) > now() - interval '401 days' AS recent,
         count(*) FILTER (WHERE ended_at IS NULL)::int AS open FROM analytics_anomalies`,
    ),
  ).toEqual([{ n: 4799 + 1, recent: true, open: 1 }]);
  await fixture.sql('UPDATE analytics_anomalies SET ended_at = now() WHERE ended_at IS NOT NULL');
  await fixture.sql(
    `INSERT INTO analytics_anomalies SELECT gen_random_uuid(), 'tool_latency', subject, started_at, detected_at, ended_at, NULL, severity, direction, score, peak_at, NULL, NULL, NULL, NULL, evidence FROM analytics_anomalies WHERE ended_at IS NOT NULL`,
  );
  await fixture.sql("UPDATE analytics_detectors SET judged_to = judged_to - interval '5 minutes'");
  await fixture.analytics.findAnomalies();
  expect(await fixture.sql('SELECT count(*)::int AS n FROM analytics_anomalies')).toEqual([{ n: 5001 }]);
  const told = await fixture.analytics.detectAnomalies();
  expect(told).toHaveLength(500);
  expect(told[0]?.endedAt).toBeNull();
});

it('what ended before the trend window is not told', async () => {
  await fixture.sql(
    `INSERT INTO analytics_anomalies (kind, subject, started_at, detected_at, ended_at, severity, direction, score, peak_at, evidence)
     SELECT 'tool_calls', '', at, at, at, 'low', 'above', 0.5, at, '[]' FROM unnest(ARRAY[now() - interval '29 days', now() - interval '31 days']) at`,
  );
  expect(await fixture.analytics.detectAnomalies()).toHaveLength(1);
});

it('minutes that are no longer kept are passed over, and are not taken for times in which nothing happened', async () => {
  await writeMinutes('sessions', '', '', before(end, 600), { opened: { n: 5 } });
  await fixture.analytics.findAnomalies();
  await fixture.sql("UPDATE analytics_detectors SET judged_to = now() - interval '100 days'");
  expect(await fixture.analytics.findAnomalies()).toMatchObject({ began: 0 });
  const [row] = await fixture.sql<{ judged_to: Date }>('SELECT judged_to FROM analytics_detectors');
  expect(row?.judged_to).toEqual(end);
});

it('what is measured no longer ends after a day, where that is no anomaly', async () => {
  await writeMinutes('resources', 'metric', 'cpu_used_percent', before(end, 700), { value: { n: 1, total: 20 } });
  await fixture.sql(
    `UPDATE analytics_aggregations SET aggregation_data = '{"cpu_used_percent": {"value": {"n": 1, "total": 95}}}' WHERE time_bucket >= $1 AND time_bucket < $2`,
    [before(end, 310), before(end, 300)],
  );
  await fixture.sql('DELETE FROM analytics_aggregations WHERE time_bucket >= $1', [before(end, 300)]);
  await fixture.analytics.findAnomalies();
  expect(await fixture.sql("SELECT subject, ended_at, end_cause FROM analytics_anomalies WHERE kind = 'resource_use'")).toEqual([
    { subject: 'cpu_used_percent', ended_at: before(end, 301), end_cause: 'no_rows' },
  ]);
});
