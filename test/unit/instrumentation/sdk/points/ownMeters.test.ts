import { ValueType } from '@opentelemetry/api';
import type { Attributes, Meter } from '@opentelemetry/api';
import type { MeterProvider, ResourceMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useOwnMeters } from '../../../../../src/instrumentation/sdk/points/ownMeters.js';
import { storagesOf } from '../../../../../src/instrumentation/sdk/points/sdkSeries.js';
import { loadSdk } from '../../../../../src/instrumentation/sdk/sdkModules.js';

const { metrics: sdk, resources } = loadSdk();
const OURS = 'handoff-otel';

class Reader extends sdk.MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

interface Subject {
  readonly provider: MeterProvider;
  collect(): Promise<readonly ResourceMetrics[]>;
}

/** A provider with a cumulative reader and one of deltas, each of which collects every time. */
function subject(views: readonly ViewOptions[] = [], limit?: number): Subject {
  const { CUMULATIVE, DELTA } = sdk.AggregationTemporality;
  const readers = [CUMULATIVE, DELTA].map((temporality) => {
    const cardinalitySelector = limit === undefined ? {} : { cardinalitySelector: (): number => limit };
    return new Reader({ aggregationTemporalitySelector: () => temporality, ...cardinalitySelector });
  });
  const provider = new sdk.MeterProvider({ resource: resources.emptyResource(), readers, views: [...views] });
  return {
    provider,
    collect: async () => {
      const collected: ResourceMetrics[] = [];
      for (const reader of readers) collected.push((await reader.collect()).resourceMetrics);
      return collected;
    },
  };
}

const FROZEN: readonly Attributes[] = [
  Object.freeze({ tool: 'a', method: 'tools/call' }),
  Object.freeze({ method: 'tools/call', tool: 'b' }),
  // The same series as the first, in another object and another order.
  Object.freeze({ method: 'tools/call', tool: 'a' }),
  Object.freeze({}),
  Object.freeze({ tool: 'c', list: ['x'] }),
];

/** Everything an instrument may be given, some of it again and again, with collections in between. */
async function measure({ provider, collect }: Subject, scope: string): Promise<unknown> {
  const meter = provider.getMeter(scope, '1');
  const seconds = meter.createHistogram('seconds', { advice: { explicitBucketBoundaries: [1, 5] } });
  const count = meter.createCounter('count');
  const whole = meter.createCounter('whole', { valueType: ValueType.INT });
  const collected: unknown[] = [];
  const changing: Attributes = { tool: 'first' };
  for (let round = 0; round < 4; round += 1) {
    for (const attributes of [...FROZEN, ...FROZEN, { tool: 'plain' }, changing, undefined]) {
      for (const value of [0.5, 1, 7, -1, Number.NaN, Infinity, 'no number' as unknown as number]) {
        vi.advanceTimersByTime(1);
        seconds.record(value, attributes);
        if (value !== Infinity) count.add(value, attributes);
        whole.add(value, attributes);
      }
    }
    changing['tool'] = `changed ${round}`;
    if (round !== 1) collected.push(await collect());
  }
  return JSON.parse(
    JSON.stringify(collected, (_key, value: unknown) => (value === Infinity || value === -Infinity ? String(value) : value)),
  );
}

describe('an instrument of ours', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['as it is', [], undefined],
    ['with a limit of series', [], 3],
    [
      'with a view that removes attributes',
      [{ instrumentName: 'seconds', attributesProcessors: [{ process: ({ tool = '' }: Attributes) => ({ tool }) }] }],
      undefined,
    ],
    [
      'with two views of it',
      [
        { instrumentName: 'seconds' },
        { instrumentName: 'seconds', name: 'other', aggregation: { type: sdk.AggregationType.EXPONENTIAL_HISTOGRAM } },
      ],
      undefined,
    ],
    ['with a view that drops it', [{ instrumentName: 'seconds', aggregation: { type: sdk.AggregationType.DROP } }], undefined],
  ] satisfies [string, ViewOptions[], number | undefined][])('exports what the SDK’s exports, %s', async (_name, views, limit) => {
    const [ours, sdks] = [subject(views, limit), subject(views, limit)];
    useOwnMeters(ours.provider);
    const own = await measure(ours, OURS);
    vi.setSystemTime(1_700_000_000_000);
    expect(own).toEqual(await measure(sdks, OURS));
    expect(JSON.stringify(own)).toContain('tool');
  });

  it('looks up a series of frozen attributes once until the next collection, and any other each time', async () => {
    const { provider, collect } = subject();
    useOwnMeters(provider);
    const looks = (meter: Meter, attributes: Attributes): number => {
      const histogram = meter.createHistogram('seconds');
      const stringify = vi.spyOn(JSON, 'stringify');
      for (let turn = 0; turn < 100; turn += 1) histogram.record(1, attributes);
      const { length } = stringify.mock.calls;
      stringify.mockRestore();
      return length;
    };
    const ours = provider.getMeter(OURS, '1');
    const attributes = Object.freeze({ tool: 'a' });
    const first = looks(ours, attributes);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(10);
    expect(looks(ours, { tool: 'a' })).toBeGreaterThanOrEqual(100);
    expect(looks(provider.getMeter('another'), attributes)).toBeGreaterThanOrEqual(100);
    await collect();
    expect(looks(ours, attributes)).toBeGreaterThan(0);
  });
});

it('knows so many objects, and records what comes in more of them all the same', async () => {
  const { provider, collect } = subject();
  useOwnMeters(provider);
  const histogram = provider.getMeter(OURS, '1').createHistogram('seconds');
  const last = Array.from({ length: 2500 }, () => Object.freeze({ tool: '_OTHER' })).map((attributes) => {
    histogram.record(1, attributes);
    return attributes;
  });
  const stringify = vi.spyOn(JSON, 'stringify');
  histogram.record(1, last[0]);
  const known = stringify.mock.calls.length;
  histogram.record(1, last.at(-1));
  const unknown = stringify.mock.calls.length - known;
  stringify.mockRestore();
  expect([known, unknown > 0]).toEqual([0, true]);
  const [collected] = await collect();
  expect(collected?.scopeMetrics[0]?.metrics[0]?.dataPoints).toMatchObject([{ attributes: { tool: '_OTHER' }, value: { count: 2502 } }]);
});

it('a meter of a provider that has been shut down is left alone, since everybody has the same', async () => {
  const { provider } = subject();
  useOwnMeters(provider);
  await provider.shutdown();
  const meter = provider.getMeter(OURS, '1');
  expect(Object.hasOwn(meter, 'createHistogram')).toBe(false);
  expect(() => meter.createHistogram('seconds').record(1, FROZEN[0])).not.toThrow();
});

it('meters are the SDK’s again once undone', () => {
  const { provider } = subject();
  useOwnMeters(provider)();
  expect(Object.hasOwn(provider.getMeter(OURS, '2'), 'createHistogram')).toBe(false);
});

it('an SDK that keeps series in another way keeps its own instruments', () => {
  expect([{}, { _writableMetricStorage: {} }, { _writableMetricStorage: { _backingStorages: [{}] } }].map(storagesOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
