import type { Meter } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { Histogram } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createExactHistogram, createInstrument, observeGauge } from '../../../src/telemetry/instruments.js';
import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import { Recording } from './recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

const base = {
  name: 'handoff.test.thing',
  unit: 'By',
  description: 'A thing.',
  attributes: [{ key: 'kept', values: ['yes', 'a'] }],
  source: 'handoff-otel',
} as const;

it("histograms carry unit, description and the catalogue's buckets", async () => {
  const record = createInstrument(recording.meter, { ...base, kind: 'histogram', buckets: [1, 10] });
  record(5, { kept: 'yes', dropped: 'id-7' });
  record(50, { kept: 'yes', dropped: 'id-8' });
  const [metric] = await recording.metrics();
  expect(metric?.descriptor).toMatchObject({ name: 'handoff.test.thing', unit: 'By', description: 'A thing.' });
  expect(metric?.dataPoints.map(({ attributes }) => attributes)).toEqual([{ kept: 'yes' }]);
  expect(metric?.dataPoints[0]?.value as Histogram).toMatchObject({
    count: 2,
    sum: 55,
    buckets: { boundaries: [1, 10], counts: [0, 1, 1] },
  });
});

it.each([
  ['counter', [2, 3], 5],
  ['upDownCounter', [2, -3], -1],
  ['gauge', [2, 3], 3],
] as const)('a %s of %j shows %d, with the allowed attributes only', async (kind, values, shown) => {
  const record = createInstrument(recording.meter, { ...base, kind });
  for (const value of values) record(value, { kept: 'a', session: 'secret' });
  const [metric] = await recording.metrics();
  expect(metric?.dataPoints.map(({ value, attributes }) => [value, attributes])).toEqual([[shown, { kept: 'a' }]]);
});

it('attributes may be changed by the views of a host, each time anew', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
    views: [
      {
        instrumentName: '*',
        attributesProcessors: [
          {
            process: (attributes) => {
              attributes['tenant'] = 'tenant' in attributes ? 'twice' : 'once';
              return attributes;
            },
          },
        ],
      },
    ],
  });
  const meter = provider.getMeter('host');
  const record = createInstrument(meter, { ...base, kind: 'histogram' });
  const recordExact = createExactHistogram(meter, { ...base, name: 'handoff.test.exact', kind: 'histogram' });
  const shared = Object.freeze({ kept: 'a' });
  for (const value of [1, 2]) {
    record(value, { kept: 'a' });
    recordExact(value, shared);
  }
  await provider.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  expect(metrics.map(({ dataPoints }) => dataPoints.map(({ attributes, value }) => [attributes, (value as Histogram).count]))).toEqual([
    [[{ kept: 'a', tenant: 'once' }, 2]],
    [[{ kept: 'a', tenant: 'once' }, 2]],
  ]);
  await provider.shutdown();
});

const fail = (): never => {
  throw new Error('broken meter');
};

it.each(['histogram', 'counter', 'upDownCounter', 'gauge'] as const)('a %s of a broken meter records nothing and never throws', (kind) => {
  const definition: MetricDefinition = { ...base, kind };
  const instrument = { record: fail, add: fail };
  const makesBroken = {
    createHistogram: () => instrument,
    createGauge: () => instrument,
    createCounter: () => instrument,
    createUpDownCounter: () => instrument,
  };
  const makesNone = { createHistogram: fail, createGauge: fail, createCounter: fail, createUpDownCounter: fail };
  for (const meter of [makesBroken, makesNone]) {
    const record = createInstrument(meter as unknown as Meter, definition);
    expect(() => record(1, {})).not.toThrow();
  }
});

it('an observed gauge is read when metrics are collected, and no longer once it has ended', async () => {
  let value = 1;
  const end = observeGauge(recording.meter, { ...base, kind: 'gauge' }, (report) => report((value += 1), { kept: 'a' }));
  const read = async (): Promise<unknown> => (await recording.metrics())[0]?.dataPoints.map((point) => [point.value, point.attributes]);
  expect(await read()).toEqual([[2, { kept: 'a' }]]);
  expect(await read()).toEqual([[3, { kept: 'a' }]]);
  end();
  await read();
  expect(value).toBe(3);
});

it('an observed gauge that fails, or a meter that does, harms nobody', async () => {
  observeGauge(recording.meter, { ...base, kind: 'gauge' }, fail);
  await recording.metrics();
  expect(() => observeGauge({ createObservableGauge: fail } as unknown as Meter, { ...base, kind: 'gauge' }, fail)()).not.toThrow();
});
