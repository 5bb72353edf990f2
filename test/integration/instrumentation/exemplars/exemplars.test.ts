import { context, trace } from '@opentelemetry/api';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { instrument } from '../../../../src/instrumentation/instrument.js';
import type { Instrumentation } from '../../../../src/instrumentation/handle.js';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { OtlpReceiver } from '../../../../src/testing/receiverTypes.js';
import { databaseUrl } from '../../../setup/services.js';
import { connectInMemory, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { parseOpenMetrics } from '../../../unit/instrumentation/prometheus/openMetrics.js';

let running: Instrumentation | undefined;

afterEach(async () => {
  await running?.shutdown();
  for (const key of Object.keys(process.env)) if (key.startsWith('OTEL_')) delete process.env[key];
});

function start(receiver: OtlpReceiver, env: Record<string, string> = {}): Instrumentation {
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env });
  running = instrument({ exitHooks: false, prometheus: { port: 0 }, serviceName: 'shop' });
  return running;
}

/** Trace ids by metric, without those that have none. */
function linked(receiver: OtlpReceiver): Record<string, (string | undefined)[]> {
  const points = receiver.metricPoints().filter(({ exemplars }) => exemplars !== undefined);
  return Object.fromEntries(points.map(({ metric, exemplars = [] }) => [metric, exemplars.map(({ traceId }) => traceId)]));
}

describe('exemplars', () => {
  it.each([
    ['protobuf', {}],
    ['JSON', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }],
    ['protobuf, packed, as deltas', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip', OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' }],
    ['exponential histograms', { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'base2_exponential_bucket_histogram' }],
  ])('lead from the host’s own histograms and counters to its spans, by OTLP as %s', async (_what, env) => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver, env);
    const wait = h.meter.createHistogram('wait', { unit: 's', advice: { explicitBucketBoundaries: [1, 10] } });
    const jobs = h.meter.createCounter('jobs');
    wait.record(0.25);
    h.tracer.startActiveSpan('work', (span) => {
      wait.record(5, { kind: 'a' });
      jobs.add(1);
      span.end();
    });
    await h.flush();
    const [span] = receiver.spans();
    expect(linked(receiver)).toEqual({ wait: [span?.traceId], jobs: [span?.traceId] });
    const [exemplar] =
      receiver.metricPoints().find(({ metric, exemplars }) => metric === 'wait' && exemplars !== undefined)?.exemplars ?? [];
    expect(exemplar).toMatchObject({ value: 5, spanId: span?.spanId, filteredAttributes: {} });
    expect(
      receiver
        .metricPoints()
        .filter(({ metric }) => metric === 'wait')
        .map(({ kind }) => kind),
    ).toEqual(Array(2).fill(Object.keys(env).some((key) => key.endsWith('AGGREGATION')) ? 'exponentialHistogram' : 'histogram'));
  });

  it('stand in OpenMetrics, beside the same values', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver);
    const traceId = h.tracer.startActiveSpan('work', (span) => {
      h.meter.createHistogram('wait', { unit: 's', advice: { explicitBucketBoundaries: [1, 10] } }).record(5);
      span.end();
      return span.spanContext().traceId;
    });
    await expect.poll(() => h.status().signals?.prometheus.address).toMatch(/^http:/);
    const url = h.status().signals?.prometheus.address ?? '';
    const page = await (await fetch(url, { headers: { accept: 'application/openmetrics-text;version=1.0.0' } })).text();
    const samples = parseOpenMetrics(page).find(({ name }) => name === 'wait_seconds')?.samples ?? [];
    expect(samples.map(({ labels, exemplar }) => [labels['le'], exemplar?.labels['trace_id']])).toEqual([
      ['1.0', undefined],
      ['10.0', traceId],
      ['+Inf', undefined],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(await (await fetch(url)).text()).not.toContain('trace_id');
  });

  it('lead from an MCP operation to its own span', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver);
    const { client } = await connectInMemory(h.instrumentServer(makeServer()));
    await client.callTool({ name: 'echo', arguments: { text: 'x' } });
    await client.close();
    await h.flush();
    const span = receiver.spans().find(({ name, kind }) => name === 'tools/call echo' && kind === 'SERVER');
    const point = receiver
      .metricPoints()
      .find(({ metric, attributes }) => metric === 'mcp.server.operation.duration' && attributes['mcp.method.name'] === 'tools/call');
    expect(point?.exemplars?.map(({ traceId, spanId }) => [traceId, spanId])).toEqual([[span?.traceId, span?.spanId]]);
  });

  it('lead from a query of pg to the trace it was made in, and carry nothing of the query', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver);
    const pool = new pg.Pool({ connectionString: databaseUrl(), max: 1 });
    const parent = h.tracer.startSpan('parent');
    await context.with(trace.setSpan(context.active(), parent), () => pool.query("SELECT\n'canary'"));
    parent.end();
    await pool.end();
    await h.flush();
    const exemplars = receiver
      .metricPoints()
      .filter(({ metric }) => metric === 'db.client.operation.duration')
      .flatMap((point) => point.exemplars ?? []);
    expect(exemplars.map(({ traceId }) => traceId)).toContain(parent.spanContext().traceId);
    expect(exemplars.map(({ filteredAttributes }) => filteredAttributes)).toEqual(exemplars.map(() => ({})));
  });

  it.each([
    ['are not taken of spans that are not sampled', { OTEL_TRACES_SAMPLER: 'always_off' }],
    ['are off when asked to be', { OTEL_METRICS_EXEMPLAR_FILTER: 'always_off' }],
  ])('%s', async (_what, env) => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver, env);
    h.tracer.startActiveSpan('work', (span) => {
      h.meter.createHistogram('wait').record(5);
      span.end();
    });
    await h.flush();
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('wait');
    expect(linked(receiver)).toEqual({});
  });
});
