import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ROOT_CONTEXT, TraceFlags, context, trace } from '@opentelemetry/api';
import type { Attributes, Context, MeterProvider, MetricOptions } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointsOf } from '../../../../src/instrumentation/sdk/dataPointTypes.js';
import type { ExemplarFilter } from '../../../../src/instrumentation/settings/metrics.js';
import { startCollecting } from '../prometheus/collecting.js';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

const SAMPLED = trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED });

function cyclic(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

/** Fails when it is read for the `reads + 1`st time. */
function failingGetter(reads: number): object {
  let left = reads;
  return {
    get k() {
      left -= 1;
      if (left < 0) throw new Error('unreadable');
      return 1;
    },
  };
}

const ATTRIBUTES: readonly (readonly [what: string, make: () => unknown])[] = [
  ['a symbol', () => ({ k: Symbol('x') })],
  ['an object without a prototype', () => ({ k: Object.create(null) as object })],
  [
    'an object that is no number',
    () => ({
      k: {
        valueOf: () => {
          throw new Error('no number');
        },
      },
    }),
  ],
  ['a bigint', () => ({ k: 1n })],
  ['a cycle', () => ({ k: cyclic() })],
  ['a getter that fails', () => failingGetter(0)],
  ['a getter that fails later', () => failingGetter(2)],
  ['null', () => null],
  ['a text', () => 'abc'],
];
const OPTIONS: readonly (readonly [what: string, given: unknown])[] = [
  ['null', null],
  ['a number', 5],
  ['no advice', { advice: null }],
  ['no bounds', { advice: { explicitBucketBoundaries: null } }],
  ['bounds that are none', { advice: { explicitBucketBoundaries: 5 } }],
  ['bounds of another type', { advice: { explicitBucketBoundaries: new Float64Array([1, 2]) } }],
  ['no unit', { unit: null }],
];
const ON: readonly ExemplarFilter[] = ['trace_based', 'always_on'];

/** What a host sees, and how much was counted in the end, in a sampled span. */
async function outcome(filter: ExemplarFilter, work: (provider: MeterProvider) => void): Promise<object> {
  const { provider, exemplars, collect } = startCollecting([], filter);
  let thrown: unknown;
  context.with(SAMPLED, () => {
    try {
      work(provider);
    } catch (error) {
      thrown = (error as Error).message;
    }
  });
  const collected = await collect();
  exemplars.of(collected);
  const counted = collected.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap((metric) => [metric.descriptor.name, pointsOf(metric).length]),
  );
  return { thrown, counted };
}

describe.each(ON)('with exemplars %s a host sees what it sees of the SDK alone', (filter) => {
  it.each(ATTRIBUTES)('with attributes that hold %s', async (_what, make) => {
    const work = (provider: MeterProvider): void => {
      const meter = provider.getMeter('lib');
      meter.createCounter('count').add(1, make() as Attributes);
      meter.createHistogram('wait').record(1, make() as Attributes);
    };
    expect(await outcome(filter, work)).toEqual(await outcome('always_off', work));
  });

  it.each(OPTIONS)('with instruments whose options are %s', async (_what, given) => {
    const counts = (provider: MeterProvider): void =>
      provider
        .getMeter('lib')
        .createCounter('count', given as MetricOptions)
        .add(1);
    const waits = (provider: MeterProvider): void =>
      provider
        .getMeter('lib')
        .createHistogram('wait', given as MetricOptions)
        .record(1);
    for (const work of [counts, waits]) expect(await outcome(filter, work)).toEqual(await outcome('always_off', work));
  });

  it('with names and contexts that are none', async () => {
    for (const name of [5, 5n, undefined, null, {}] as unknown as string[]) {
      const work = (provider: MeterProvider): void =>
        provider
          .getMeter(name)
          .createCounter(name)
          .add(1, {}, 'none' as unknown as Context);
      expect(await outcome(filter, work)).toEqual(await outcome('always_off', work));
    }
  });
});

it('what can be read is still an example of its bucket', async () => {
  const { provider, exemplars, collect } = startCollecting();
  const meter = provider.getMeter('lib');
  context.with(SAMPLED, () => {
    meter.createCounter('count', null as unknown as MetricOptions).add(1, { k: Symbol('x') });
    meter.createHistogram('wait', { advice: { explicitBucketBoundaries: null as unknown as number[] } }).record(1);
  });
  expect([...exemplars.of(await collect()).values()].flat()).toHaveLength(2);
});

it('attributes that became unreadable cost their metric its examples, and no other', async () => {
  const { provider, exemplars, collect } = startCollecting();
  const meter = provider.getMeter('lib');
  const attributes: Record<string, unknown> = { k: 'a' };
  context.with(SAMPLED, () => {
    meter.createCounter('count').add(1, attributes);
    meter.createHistogram('wait').record(1);
  });
  const collected = await collect();
  attributes['k'] = 1n;
  expect([...exemplars.of(collected).values()].flat()).toHaveLength(1);
});
