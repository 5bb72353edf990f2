import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../../src/handoff/services.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { Recording } from '../../../../unit/telemetry/recording.js';
import { TOOLS, before, found, goTo, lastBucket, spoil, writeWeek } from './week.js';

/** An anomaly is told by metrics, the log and links, and nowhere with anything of a session. */

const [APPEND, REGISTER] = TOOLS;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

let fixture: HandoffFixture;
let recording: Recording;
let services: HandoffServices;
let end: Date;
beforeEach(async () => {
  fixture = await handoffFixture();
  recording = new Recording();
  const { tracer, meter, log } = recording;
  const grafanaUrl = 'https://ann:secret@grafana.example/g/';
  services = createHandoffServices({ database: fixture.database, cache: fixture.cache, tracer, meter, log, grafanaUrl });
  end = lastBucket();
  await writeWeek(fixture, end);
});
afterEach(async () => {
  await recording.dispose();
  await fixture.dispose();
});

/** Value of a counter or gauge, or count of a histogram, for each set of attributes. */
async function points(name: string): Promise<[Record<string, unknown>, number][]> {
  const metric = (await recording.metrics()).find(({ descriptor }) => descriptor.name === name);
  return (metric?.dataPoints ?? []).map(({ attributes, value }) => [
    attributes,
    typeof value === 'number' ? value : (value as { count: number }).count,
  ]);
}

async function slowCalls(from: Date): Promise<void> {
  await spoil(fixture, APPEND, [from, new Date(end.getTime() + 1e9)], { sumMs: 200 });
  const sample = { kind: 'slow', subject: 'operation', traceparent: `00-${TRACE}-${SPAN}-01` };
  await fixture.sql(
    'INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at) VALUES ($1, 4000, true, $2, $4), ($1, 5000, true, $3, $4)',
    [APPEND, sample, { ...sample, traceparent: undefined }, from],
  );
}

it('one that lasts is a gauge, one that was found a count; the record of its beginning and the run name a trace of a slow call', async () => {
  const from = before(end, 3);
  await slowCalls(from);
  await services.analytics.rollUp({ pauseMs: 0 });
  await goTo(fixture, end);
  await recording.tracer.startActiveSpan('job', async (job) => {
    await services.analytics.findAnomalies();
    job.end();
  });
  const [anomaly] = (await services.analytics.detectAnomalies()).filter(({ subject }) => subject === APPEND);
  expect(anomaly).toMatchObject({
    type: 'tool_latency',
    severity: 'high',
    endedAt: null,
    endCause: null,
    timestamp: from,
    traceIds: [TRACE],
  });
  expect(anomaly?.dashboardUrl).toBe(`https://grafana.example/g/d/handoff-business?from=${from.getTime() - 3_600_000}&to=now`);

  const began = recording.records.filter(({ fields }) => fields['id'] === anomaly?.id);
  expect(began).toMatchObject([
    {
      level: 'warn',
      message: anomaly?.description,
      fields: {
        'event.name': 'handoff.anomaly.began',
        'handoff.anomaly.kind': 'tool_latency',
        'handoff.anomaly.subject': APPEND,
        'handoff.anomaly.severity': 'high',
        traceIds: [TRACE],
        dashboardUrl: anomaly?.dashboardUrl,
      },
    },
  ]);
  const span = recording.spans.find(({ name }) => name === 'handoff.anomaly.detect');
  const job = recording.spans.find(({ name }) => name === 'job')?.spanContext();
  expect(span?.parentSpanContext).toBeUndefined();
  expect(span?.links.map(({ context: { traceId, spanId } }) => [traceId, spanId])).toEqual([
    [job?.traceId, job?.spanId],
    [TRACE, SPAN],
  ]);

  const stopping = new AbortController();
  const watching = services.analytics.watchLag(stopping.signal);
  const labels = { 'handoff.anomaly.kind': 'tool_latency', 'handoff.anomaly.severity': 'high' };
  await expect.poll(() => points('handoff.anomaly.open')).toContainEqual([labels, 2]);
  await expect.poll(() => points('handoff.anomaly.lag')).toEqual([[{}, expect.any(Number)]]);
  const [[, lagS] = []] = await points('handoff.anomaly.lag');
  expect(lagS).toBeCloseTo((Date.now() - end.getTime()) / 1000 - 300, -2);
  const [{ bytes } = { bytes: 0 }] = await fixture.sql<{ bytes: number }>(
    'SELECT sum(octet_length(state))::int AS bytes FROM analytics_detectors',
  );
  expect(await points('handoff.anomaly.state.size')).toEqual([[{}, bytes]]);
  expect(await points('handoff.anomaly.found')).toContainEqual([labels, 2]);
  expect(await points('handoff.anomaly.detection.duration')).toEqual([[{}, 1]]);
  expect(
    (await points('handoff.anomaly.judged')).find(([attributes]) => attributes['handoff.anomaly.kind'] === 'tool_calls')?.[1],
  ).toBeGreaterThan(2000);
  stopping.abort();
  await watching;
});

it('what a session said, who it was of and what it is called are in no finding, and it can be erased without one changing', async () => {
  await fixture.sql('UPDATE context_history SET content_size_bytes = content_size_bytes * 30 WHERE created_at >= $1', [before(end, 3)]);
  await services.analytics.rollUp({ pauseMs: 0 });
  await goTo(fixture, end);
  await services.analytics.findAnomalies();
  const findings = await found(fixture);
  expect(findings.map(({ kind }) => kind)).toContain('context_growth');
  const [{ id } = { id: '' }] = await fixture.sql<{ id: string }>('SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1');
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'erased' });
  expect(await found(fixture)).toEqual(findings);
  const [{ text } = { text: '' }] = await fixture.sql<{ text: string }>(
    "SELECT string_agg(a::text, ' ') || (SELECT string_agg(encode(state, 'escape'), ' ') FROM analytics_detectors) AS text FROM analytics_anomalies a",
  );
  for (const secret of [id, 'agent-', 'of no interest']) expect(text.includes(secret), secret).toBe(false);
});

it('a tool that nobody calls any more is watched for a week, and what lasted then ends', async () => {
  const from = before(end, 3);
  await slowCalls(from);
  await services.analytics.rollUp({ pauseMs: 0 });
  await goTo(fixture, before(end, 1));
  await services.analytics.findAnomalies();
  const [open] = (await services.analytics.detectAnomalies()).filter(({ subject }) => subject === APPEND);
  expect(open).toMatchObject({ endedAt: null, timestamp: from });
  await fixture.sql("UPDATE analytics_aggregations SET aggregation_data = aggregation_data - $1::text WHERE dimension = 'operation'", [
    APPEND,
  ]);
  await goTo(fixture, end);
  expect(await services.analytics.findAnomalies()).toMatchObject({ ended: 1 });
  const ended = (await services.analytics.detectAnomalies()).find(({ id }) => id === open?.id);
  expect(ended).toMatchObject({ endedAt: expect.any(Date), endCause: 'not_watched' });
  expect(await fixture.sql('SELECT DISTINCT subject FROM analytics_detectors WHERE subject LIKE $1', ['handoff.%'])).toEqual([
    { subject: REGISTER },
  ]);
  expect(recording.records.filter(({ fields }) => fields['id'] === open?.id).at(-1)).toMatchObject({
    fields: { 'event.name': 'handoff.anomaly.ended', 'handoff.anomaly.subject': APPEND, cause: 'not_watched' },
  });
});
