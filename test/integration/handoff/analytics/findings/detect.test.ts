import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../../src/handoff/services.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { BUCKET_MS, TOOLS, before, found, goTo, lastBucket, spoil, writeWeek } from './week.js';

/** What goes wrong in the service's own rows is found, once, and with what shows it. */

const [APPEND, REGISTER] = TOOLS;

let fixture: HandoffFixture;
let end: Date;
beforeEach(async () => {
  fixture = await handoffFixture();
  end = lastBucket();
  await writeWeek(fixture, end);
});
afterEach(() => fixture.dispose());

/** A server of its own, with the log that all share. */
function replica(): HandoffServices {
  const { database, cache } = fixture;
  const level = (name: string) => (fields: object) => void (fixture.log as unknown[]).push([name, fields]);
  return createHandoffServices({ database, cache, log: { info: level('info'), warn: level('warn'), error: level('error') } });
}

const records = (event: string): readonly object[] => fixture.log.flatMap(([, fields]) => (fields['event.name'] === event ? [fields] : []));

it('a week in which nothing is wrong has nothing of high severity, and a failure here and there is no anomaly', async () => {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await goTo(fixture, end);
  expect(await fixture.analytics.findAnomalies()).toMatchObject({ isComplete: true });
  expect((await fixture.analytics.detectAnomalies()).filter(({ severity }) => severity === 'high')).toEqual([]);
});

it('each fault is found in its series, at its time, with what was expected and the buckets that show it', async () => {
  const hours = (ago: number): [Date, Date] => [before(end, ago * 12), before(end, (ago - 1) * 12)];
  await spoil(fixture, APPEND, hours(40), { sumMs: 10 });
  await spoil(fixture, REGISTER, hours(30), { failures: 20 });
  await fixture.sql("UPDATE handoff_requests SET status = 'rejected' WHERE created_at >= $1 AND created_at < $2", hours(25));
  await fixture.sql(
    'UPDATE context_history SET content_size_bytes = content_size_bytes * 30 WHERE created_at >= $1 AND created_at < $2',
    hours(20),
  );
  await fixture.sql(
    "UPDATE system_metrics SET metric_value = metric_value * 3 WHERE metric_name = 'memory_used_bytes' AND recorded_at >= $1 AND recorded_at < $2",
    hours(15),
  );
  await fixture.sql('DELETE FROM performance_logs WHERE operation = $3 AND created_at >= $1 AND created_at < $2', [...hours(60), REGISTER]);
  await fixture.sql('DELETE FROM performance_logs WHERE created_at >= $1 AND created_at < $2', hours(5));
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await goTo(fixture, end);
  await fixture.analytics.findAnomalies();

  const anomalies = (await fixture.analytics.detectAnomalies()).filter(({ severity }) => severity === 'high');
  const told = (ago: number): unknown =>
    anomalies
      .filter(({ detectedAt }) => detectedAt >= hours(ago)[0] && detectedAt < hours(ago)[1])
      .map(({ type, subject, direction }) => `${type} ${subject} ${direction}`)
      .sort();
  expect(told(40)).toEqual(['tool_latency  above', `tool_latency ${APPEND} above`]);
  expect(told(30)).toEqual(['tool_error_rate  above', `tool_error_rate ${REGISTER} above`]);
  expect(told(25)).toEqual(['handoff_failures  above']);
  expect(told(20)).toEqual(['context_growth  above']);
  expect(told(15)).toEqual(['resource_use memory_used_bytes above']);
  expect(told(60)).toEqual(['tool_calls  below', `tool_latency ${REGISTER} missing`]);
  // Nobody calls anything, and is told once: that durations are missing follows from it.
  expect(told(5)).toEqual(['tool_calls  below']);

  const slow = anomalies.find(({ type, subject }) => type === 'tool_latency' && subject === APPEND);
  const [from, to] = hours(40);
  expect(slow).toMatchObject({ timestamp: from, unit: 'ms', endCause: 'recovered', dashboardUrl: null });
  expect(slow?.endedAt?.getTime()).toBeGreaterThanOrEqual(to.getTime());
  expect(slow?.observed).toBeGreaterThan(200);
  expect(slow?.expected).toBeCloseTo(22, 0);
  expect(slow?.evidence).toHaveLength(24);
  expect(slow?.evidence.slice(5, 7).map(({ timestamp }) => timestamp)).toEqual([before(from, 1), from]);
  expect(slow?.evidence[5]?.value).toBeLessThan(30);
  expect(slow?.evidence[6]?.value).toBeGreaterThan(190);
  expect(slow?.evidence[6]?.count).toBeGreaterThan(20);
});

describe('in steps of an hour', () => {
  let from: Date;
  beforeEach(async () => {
    from = before(end, 24);
    await spoil(fixture, APPEND, [from, before(end, 6)], { sumMs: 10 });
    await spoil(fixture, REGISTER, [before(end, 80), before(end, 60)], { sumMs: 10, failures: 30 });
    await fixture.analytics.rollUp({ pauseMs: 0 });
  });

  const withoutId = (rows: readonly Readonly<Record<string, unknown>>[]): unknown => rows.map(({ id: _id, ...row }) => row);

  it('two servers that run at the same time find what one finds at once, and tell each anomaly once', async () => {
    await goTo(fixture, end);
    await fixture.analytics.findAnomalies();
    const once = await found(fixture);
    expect(once.length).toBeGreaterThan(2);
    const told = once.filter(({ ended_at: endedAt }) => endedAt !== null).length;
    expect(records('handoff.anomaly.began')).toHaveLength(once.length);
    expect(records('handoff.anomaly.ended')).toHaveLength(told);

    await fixture.sql('TRUNCATE analytics_detectors, analytics_anomalies');
    (fixture.log as unknown[]).length = 0;
    for (let at = before(end, 150); at <= end; at = new Date(at.getTime() + 6 * BUCKET_MS)) {
      await goTo(fixture, at);
      // Servers that were started now: whatever they know of before is in the database.
      const servers = [replica(), replica()];
      let outcomes;
      do outcomes = await Promise.all(servers.map((server) => server.analytics.findAnomalies()));
      while (outcomes.some(({ isComplete }) => !isComplete));
    }
    expect(withoutId(await found(fixture))).toEqual(withoutId(once));
    expect(records('handoff.anomaly.began')).toHaveLength(once.length);
    expect(records('handoff.anomaly.ended')).toHaveLength(told);
  });

  it('a detector whose state is damaged in the middle of an anomaly begins anew, says so, and goes on with the same anomaly', async () => {
    await goTo(fixture, before(end, 12));
    await fixture.analytics.findAnomalies();
    const [open] = await fixture.sql<{ id: string }>(`SELECT id FROM analytics_anomalies WHERE subject = $1 AND ended_at IS NULL`, [
      APPEND,
    ]);
    expect(open?.id).toMatch(/^[0-9a-f-]{36}$/);
    const known = await found(fixture);
    await fixture.sql(`UPDATE analytics_detectors SET state = '\\x00' WHERE subject = $1`, [APPEND]);
    await goTo(fixture, before(end, 10));
    await fixture.analytics.findAnomalies();
    expect(records('handoff.anomaly.restarted')).toMatchObject([
      { 'handoff.anomaly.subject': APPEND, 'error.type': 'HANDOFF_DETECTOR_STATE' },
      { 'handoff.anomaly.subject': APPEND, 'error.type': 'HANDOFF_DETECTOR_STATE' },
    ]);
    await goTo(fixture, end);
    await fixture.sql(`UPDATE analytics_watermarks SET rolled_up_to = rolled_up_to + interval '1 hour'`);
    await fixture.analytics.findAnomalies();
    expect((await found(fixture)).filter(({ subject }) => subject === APPEND)).toHaveLength(
      known.filter(({ subject }) => subject === APPEND).length,
    );
    expect((await fixture.analytics.detectAnomalies()).find(({ id }) => id === open?.id)?.endCause).not.toBe('restarted');
  });

  it('a bucket is judged once, whatever comes late; one for which late rows wait is judged when they are counted', async () => {
    await goTo(fixture, before(end, 12));
    await fixture.analytics.findAnomalies();
    const known = await found(fixture);
    await fixture.sql(
      `UPDATE analytics_aggregations SET aggregation_data = (SELECT jsonb_object_agg(key, $1::jsonb) FROM jsonb_each(aggregation_data))
       WHERE time_bucket >= $2 AND time_bucket < $3`,
      [{ duration_us: { n: 1, total: 1e12 } }, before(end, 40), before(end, 12)],
    );
    expect(await fixture.analytics.findAnomalies()).toMatchObject({ buckets: 0, began: 0 });
    expect(await found(fixture)).toEqual(known);

    await goTo(fixture, end);
    const waiting = before(end, 4);
    await fixture.sql("INSERT INTO analytics_late_rows (kind, at) VALUES ('performance', $1)", [new Date(waiting.getTime() + 1000)]);
    await fixture.analytics.findAnomalies();
    const positions = (kind: string): Promise<object[]> =>
      fixture.sql('SELECT DISTINCT judged_to FROM analytics_detectors WHERE kind = $1', [kind]);
    expect(await positions('tool_calls')).toEqual([{ judged_to: waiting }]);
    expect(await positions('sessions_opened')).toEqual([{ judged_to: end }]);
    await fixture.sql('DELETE FROM analytics_late_rows');
    await fixture.analytics.findAnomalies();
    expect(await positions('tool_calls')).toEqual([{ judged_to: end }]);
  });
});
