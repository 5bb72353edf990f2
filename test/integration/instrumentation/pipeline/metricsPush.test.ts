import { afterEach, describe, expect, it } from 'vitest';
import { instrument } from '../../../../src/instrumentation/instrument.js';
import type { Instrumentation } from '../../../../src/instrumentation/handle.js';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { OtlpReceiver } from '../../../../src/testing/receiverTypes.js';

let running: Instrumentation | undefined;

afterEach(async () => {
  await running?.shutdown();
  for (const key of Object.keys(process.env)) if (key.startsWith('OTEL_')) delete process.env[key];
});

/** The time limit is more than any flush takes, where nothing hangs. */
function start(receiver: OtlpReceiver, env: Record<string, string> = {}, flushTimeoutMs = 20_000): Instrumentation {
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env });
  running = instrument({
    exitHooks: false,
    prometheus: { enabled: false },
    libraries: { runtime: false, pg: false, ioredis: false },
    flushTimeoutMs,
  });
  return running;
}

const values = (receiver: OtlpReceiver, name: string): unknown[] =>
  receiver
    .metricPoints()
    .filter(({ metric }) => metric === name)
    .map((point) => ('value' in point ? point.value : point.count));

describe('temporality', () => {
  it.each([
    ['cumulative', 'CUMULATIVE', 'CUMULATIVE', 'CUMULATIVE'],
    ['delta', 'DELTA', 'CUMULATIVE', 'DELTA'],
    ['LowMemory', 'DELTA', 'CUMULATIVE', 'CUMULATIVE'],
  ])('%s', async (preference, ofCounter, ofUpDown, ofObserved) => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver, { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference });
    h.meter.createCounter('counter').add(1);
    h.meter.createUpDownCounter('upDown').add(1);
    h.meter.createObservableCounter('observed').addCallback((result) => result.observe(1));
    await h.flush();
    const found = Object.fromEntries(
      receiver.metricPoints().map((point) => [point.metric, 'temporality' in point ? point.temporality : undefined]),
    );
    expect(found).toMatchObject({ counter: ofCounter, upDown: ofUpDown, observed: ofObserved });
  });

  it('intervals of a delta stream do not overlap, and one without measurements is not sent', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver, { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' });
    const wait = h.meter.createHistogram('wait');
    for (const count of [1, 2, 0, 3]) {
      for (let index = 0; index < count; index += 1) wait.record(1);
      await h.flush();
    }
    const points = receiver.metricPoints().filter(({ metric }) => metric === 'wait');
    expect(values(receiver, 'wait')).toEqual([1, 2, 3]);
    const [first, second, third] = points;
    expect(second?.startTimeUnixNano).toBe(first?.timeUnixNano);
    expect(third?.startTimeUnixNano).toBeGreaterThanOrEqual(second?.timeUnixNano ?? 0n);
    for (const point of points) expect(point.timeUnixNano).toBeGreaterThanOrEqual(point.startTimeUnixNano);
  });
});

describe('an export', () => {
  it('is not made when there is nothing', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver);
    h.meter.createCounter('never');
    await h.flush();
    expect(receiver.metricPoints().map(({ metric }) => metric)).not.toContain('never');
    expect(h.status().signals?.metrics.counts?.failed).toBe(0);
  });

  it('carries the others when a callback throws, and when one never ends', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver, {}, 4000);
    h.meter.createCounter('counter').add(1);
    h.meter.createObservableGauge('throws').addCallback(() => {
      throw new Error('no');
    });
    h.meter.createObservableGauge('rejects').addCallback(async () => Promise.reject(new Error('no')));
    h.meter.createObservableGauge('hangs').addCallback(() => new Promise(() => {}));
    h.meter.createObservableGauge('fine').addCallback((result) => result.observe(7));
    await h.flush();
    expect([values(receiver, 'counter'), values(receiver, 'fine'), values(receiver, 'throws'), values(receiver, 'hangs')]).toEqual([
      [1],
      [7],
      [],
      [],
    ]);
  });

  it('keeps at most 2000 series of an instrument, and counts the rest together', async () => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver);
    const counter = h.meter.createCounter('many');
    for (let index = 0; index < 2500; index += 1) counter.add(1, { index });
    await h.flush();
    const points = receiver.metricPoints().filter(({ metric }) => metric === 'many');
    expect(points).toHaveLength(2000);
    expect(points.find(({ attributes }) => attributes['otel.metric.overflow'] === true)).toMatchObject({ value: 501 });
  });
});

describe('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', () => {
  it.each([
    ['base2_exponential_bucket_histogram', 'exponentialHistogram'],
    ['explicit_bucket_histogram', 'histogram'],
    ['nonsense', 'histogram'],
  ])('%s gives a %s', async (given, kind) => {
    await using receiver = await startOtlpReceiver();
    const h = start(receiver, { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: given });
    h.meter.createHistogram('wait', { advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5);
    await h.flush();
    expect(
      receiver
        .metricPoints()
        .filter(({ metric }) => metric === 'wait')
        .map((point) => [point.kind, 'count' in point && point.count]),
    ).toEqual([[kind, 1]]);
  });
});
