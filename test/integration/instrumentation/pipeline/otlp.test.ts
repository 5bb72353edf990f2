import { afterEach, describe, expect, it } from 'vitest';
import { instrument } from '../../../../src/instrumentation/instrument.js';
import type { Instrumentation } from '../../../../src/instrumentation/handle.js';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { expectWithin } from '../../../setup/expectWithin.js';

const saved = { ...process.env };
let running: Instrumentation | undefined;

afterEach(async () => {
  await running?.shutdown();
  for (const key of Object.keys(process.env)) if (key.startsWith('OTEL_')) delete process.env[key];
  Object.assign(process.env, saved);
});

function start(env: Record<string, string>, flushTimeoutMs = 5000): Instrumentation {
  Object.assign(process.env, env);
  running = instrument({ exitHooks: false, flushTimeoutMs, prometheus: { enabled: false }, serviceName: 'from-code' });
  return running;
}

describe('OTEL_* variables', () => {
  it.each([
    ['protobuf', {}],
    ['JSON', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }],
    ['gzip', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
  ])('carry all three signals as %s', async (_what, env) => {
    await using receiver = await startOtlpReceiver();
    const h = start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env });
    h.tracer.startSpan('s').end();
    h.logger.emit({ body: 'b' });
    h.meter.createCounter('c').add(1);
    await h.flush();
    expect([receiver.spans().length, receiver.logRecords().length]).toEqual([1, 1]);
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('c');
    expect(receiver.resources()).toHaveLength(1);
    const { wireBytes, bodyBytes } = receiver.requests().metrics;
    expect(wireBytes < bodyBytes).toBe('OTEL_EXPORTER_OTLP_COMPRESSION' in env);
  });

  it('carry a record as it was when it was emitted, after those before it', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const body = { n: 1 };
    h.logger.emit({ body: 'before' });
    h.logger.emit({ body });
    body.n = 2;
    await h.flush();
    expect(receiver.logRecords().map((record) => record.body)).toEqual(['before', { n: 1 }]);
  });

  it('name the service over the code, and keep private facts out of the resource', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=from-env,team=a',
      OTEL_NODE_RESOURCE_DETECTORS: 'all',
    });
    h.tracer.startSpan('s').end();
    await h.flush();
    const attributes = receiver.spans()[0]?.resource.attributes ?? {};
    expect(attributes).toMatchObject({ 'service.name': 'from-env', team: 'a', 'process.pid': process.pid });
    expect(attributes['service.instance.id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.keys(attributes).filter((key) => /command|owner|executable/.test(key))).toEqual([]);
  });

  it('sample', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: 'always_off' });
    h.tracer.startSpan('s').end();
    await h.flush();
    expect(receiver.requests().traces.requests).toBe(0);
  });

  it('turn signals off', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    });
    h.tracer.startSpan('s').end();
    h.logger.emit({ body: 'b' });
    h.meter.createCounter('c').add(1);
    await h.flush();
    const { traces, metrics, logs } = receiver.requests();
    expect([traces.requests, metrics.requests, logs.requests]).toEqual([0, 0, 0]);
    expect(h.status().signals).toMatchObject({ traces: { exporters: [] }, metrics: { exporters: [] }, logs: { exporters: [] } });
  });
});

describe('delivery', () => {
  it('tries again when the collector is busy, and counts', async () => {
    await using receiver = await startOtlpReceiver({ respond: { refuseStatus: 503 } });
    const h = start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: 'none' });
    h.tracer.startSpan('s').end();
    const flushed = h.flush();
    await expect.poll(() => receiver.requests().traces.refused).toBeGreaterThan(0);
    receiver.respond('ok');
    await flushed;
    expect(receiver.spans()).toHaveLength(1);
    expect(h.status().signals?.traces.counts).toEqual({ made: 1, queued: 0, inFlight: 0, delivered: 1, failed: 0, dropped: 0 });
  });

  it('gives up at once on what no retry can mend, and counts', async () => {
    await using receiver = await startOtlpReceiver({ respond: { refuseStatus: 400 } });
    const h = start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: 'none' });
    h.tracer.startSpan('s').end();
    await h.flush();
    expect(receiver.requests().traces.refused).toBe(1);
    expect(h.status().signals?.traces.counts).toMatchObject({ made: 1, delivered: 0, failed: 1 });
  });

  it('loses nothing at ten thousand spans and records a second, and says so', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, 20_000);
    for (let round = 0; round < 100; round += 1) {
      for (let index = 0; index < 100; index += 1) h.tracer.startSpan('s').end();
      for (let index = 0; index < 50; index += 1) h.logger.emit({ body: 'b' });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await h.flush();
    expect([receiver.requests().traces.records, receiver.requests().logs.records]).toEqual([10_000, 5000]);
    expect(h.status().signals?.traces.counts).toMatchObject({ made: 10_000, delivered: 10_000, failed: 0, dropped: 0 });
  });

  it('keeps a bounded number when the collector hangs, and counts what it drops', async () => {
    await using receiver = await startOtlpReceiver({ respond: 'hang' });
    const h = start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_MAX_QUEUE_SIZE: '1000' }, 100);
    for (let index = 0; index < 5000; index += 1) h.tracer.startSpan('s').end();
    const counts = h.status().signals?.traces.counts;
    expect(counts).toMatchObject({ made: 5000, queued: 1000, dropped: 4000 });
    const startedMs = performance.now();
    await h.flush();
    expectWithin(performance.now() - startedMs, 100, 900);
  });
});
