import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ROOT_CONTEXT, TraceFlags, ValueType, context, trace } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointsOf } from '../../../../src/instrumentation/sdk/dataPointTypes.js';
import type { Exemplars } from '../../../../src/instrumentation/exemplars/exemplars.js';
import { Reservoir } from '../../../../src/instrumentation/exemplars/reservoir.js';
import { boundedDbAttributes } from '../../../../src/telemetry/guard/metricAttributes.js';
import { parseOpenMetrics } from '../prometheus/openMetrics.js';
import { startCollecting } from '../prometheus/collecting.js';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

function spanContext(number: number, traceFlags = TraceFlags.SAMPLED): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: String(number).padStart(32, 'a'),
    spanId: String(number).padStart(16, 'b'),
    traceFlags,
  });
}

const traceId = (number: number): string => String(number).padStart(32, 'a');
const inSpan = (number: number, work: () => void, flags = TraceFlags.SAMPLED): void => context.with(spanContext(number, flags), work);

/** Trace ids of the exemplars by attribute `k`, oldest first. */
function traces(collected: ResourceMetrics, exemplars: Exemplars, name: string): Record<string, (string | undefined)[]> {
  const found = exemplars.of(collected);
  const points = collected.scopeMetrics.flatMap(({ metrics }) =>
    metrics.filter(({ descriptor }) => descriptor.name === name).flatMap(pointsOf),
  );
  return Object.fromEntries(points.map((point) => [JSON.stringify(point.attributes), (found.get(point) ?? []).map((one) => one.traceId)]));
}

describe('a measurement becomes an exemplar', () => {
  it('only in a sampled span, and of the bucket and series it was counted in', async () => {
    const { provider, exemplars, collect } = startCollecting();
    const wait = provider.getMeter('lib').createHistogram('wait', { advice: { explicitBucketBoundaries: [1, 10] } });
    wait.record(0.5, { k: 'none' });
    inSpan(1, () => wait.record(0.5, { k: 'a' }));
    inSpan(2, () => wait.record(0.6, { k: 'b' }));
    inSpan(4, () => wait.record(1, { k: 'a' }));
    inSpan(3, () => wait.record(5, { k: 'a' }));
    inSpan(5, () => wait.record(6, { k: 'a' }), TraceFlags.NONE);
    expect(traces(await collect(), exemplars, 'wait')).toEqual({
      '{"k":"none"}': [],
      '{"k":"a"}': [traceId(4), traceId(3)],
      '{"k":"b"}': [traceId(2)],
    });
  });

  it('in the span that is handed in, whichever is active', async () => {
    const { provider, exemplars, collect } = startCollecting();
    const wait = provider.getMeter('lib').createHistogram('wait');
    inSpan(1, () => wait.record(1, {}, spanContext(2)));
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [traceId(2)] });
  });

  it('of counters as well, but not of what can fall or is refused', async () => {
    const { provider, exemplars, collect } = startCollecting();
    const meter = provider.getMeter('lib');
    const whole = meter.createCounter('whole', { valueType: ValueType.INT });
    inSpan(1, () => {
      meter.createCounter('c').add(1);
      meter.createUpDownCounter('u').add(1);
      meter.createGauge('g').record(1);
      whole.add(2.7);
    });
    inSpan(2, () => {
      meter.createCounter('c').add(-1);
      meter.createCounter('c').add(Number.NaN);
    });
    const collected = await collect();
    expect(['c', 'u', 'g'].map((name) => traces(collected, exemplars, name)['{}'])).toEqual([[traceId(1)], [], []]);
    expect(
      [...exemplars.of(collected).values()]
        .flat()
        .map(({ value }) => value)
        .toSorted(),
    ).toEqual([1, 2]);
  });

  it('under the attributes a view leaves of its own, and shows none of the others', async () => {
    const view = {
      meterName: '@opentelemetry/instrumentation-pg',
      instrumentName: 'db.client.operation.duration',
      attributesProcessors: [{ process: boundedDbAttributes }],
    };
    const { provider, exemplars, page, collect } = startCollecting([view]);
    const duration = provider.getMeter('@opentelemetry/instrumentation-pg').createHistogram('db.client.operation.duration', { unit: 's' });
    inSpan(1, () => duration.record(3, { 'db.operation.name': "SELECT\n'secret'", 'db.system.name': 'postgresql' }));
    expect(Object.values(traces(await collect(), exemplars, 'db.client.operation.duration'))).toEqual([[traceId(1)]]);
    expect(await page('openmetrics')).not.toContain('secret');
  });

  it('under the name and the attributes that patterns and renaming views give it', async () => {
    const keepsK = { process: ({ k = '' }: Attributes) => ({ k }) };
    const { provider, exemplars, collect } = startCollecting([
      { instrumentName: 'wa*', attributesProcessors: [keepsK] },
      { instrumentName: 'size.in', meterName: 'lib', name: 'size', attributesProcessors: [keepsK] },
    ]);
    inSpan(1, () => provider.getMeter('lib').createHistogram('wait').record(1, { k: 'a', user: 'secret' }));
    inSpan(2, () => provider.getMeter('lib').createHistogram('size.in').record(1, { k: 'b', user: 'secret' }));
    const collected = await collect();
    expect(traces(collected, exemplars, 'wait')).toEqual({ '{"k":"a"}': [traceId(1)] });
    expect(traces(collected, exemplars, 'size')).toEqual({ '{"k":"b"}': [traceId(2)] });
  });

  it('in the overflow point once the SDK keeps no more series', async () => {
    const { provider, exemplars, collect } = startCollecting([{ instrumentName: 'wait', aggregationCardinalityLimit: 3 }]);
    const wait = provider.getMeter('lib').createHistogram('wait');
    for (let number = 0; number < 5; number += 1) inSpan(number, () => wait.record(1, { k: `series ${number}` }));
    const found = traces(await collect(), exemplars, 'wait');
    expect(Object.keys(found)).toHaveLength(3);
    expect(found['{"otel.metric.overflow":true}']).toHaveLength(1);
    expect([traceId(2), traceId(3), traceId(4)]).toContain(found['{"otel.metric.overflow":true}']?.[0]);
  });

  it('for instruments of one name in two libraries, or made twice, as the SDK keeps them', async () => {
    const { provider, exemplars, collect } = startCollecting();
    inSpan(1, () => provider.getMeter('one').createHistogram('wait').record(1, { k: 1 }));
    inSpan(2, () => provider.getMeter('two').createHistogram('wait').record(1, { k: 2 }));
    inSpan(3, () => provider.getMeter('one').createHistogram('wait').record(9, { k: 1 }));
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{"k":1}': [traceId(1), traceId(3)], '{"k":2}': [traceId(2)] });
  });
});

describe('over time', () => {
  it('a cumulative stream keeps the latest of each bucket', async () => {
    const { provider, exemplars, collect } = startCollecting();
    const wait = provider.getMeter('lib').createHistogram('wait');
    inSpan(1, () => wait.record(1));
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [traceId(1)] });
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [traceId(1)] });
    inSpan(2, () => wait.record(2));
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [traceId(2)] });
  });

  it('a delta stream shows those of its interval only', async () => {
    const { provider, exemplars, collect } = startCollecting([], 'trace_based', true);
    const wait = provider.getMeter('lib').createHistogram('wait');
    const millisecond = (): Promise<void> => expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(Date.now());
    inSpan(1, () => wait.record(1));
    await millisecond();
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [traceId(1)] });
    wait.record(1);
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [] });
    inSpan(2, () => wait.record(6));
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [traceId(2)] });
  });
});

describe('the filter', () => {
  it('always_on takes those without a span too', async () => {
    const { provider, exemplars, page, collect } = startCollecting([], 'always_on');
    provider.getMeter('lib').createHistogram('wait').record(1);
    expect(traces(await collect(), exemplars, 'wait')).toEqual({ '{}': [undefined] });
    expect(await page('openmetrics')).toMatch(/le="5\.0"\} 1 # \{\} 1 \d+\.\d{3}$/m);
  });

  it('always_off touches nothing', async () => {
    const { provider, exemplars, collect } = startCollecting([], 'always_off');
    expect(Object.hasOwn(provider, 'getMeter')).toBe(false);
    inSpan(1, () => provider.getMeter('lib').createHistogram('wait').record(1));
    expect(exemplars.of(await collect()).size).toBe(0);
  });
});

it('what OpenMetrics shows of them is well formed, and stands in the right bucket', async () => {
  const { provider, page } = startCollecting();
  const meter = provider.getMeter('lib');
  const wait = meter.createHistogram('wait', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } });
  const jobs = meter.createCounter('jobs');
  for (const [index, value] of [0.05, 0.1, 0.5, 1, 50].entries()) inSpan(index, () => wait.record(value));
  inSpan(7, () => jobs.add(2));
  const families = parseOpenMetrics(await page('openmetrics'));
  const exemplars = families.flatMap(({ samples }) =>
    samples.flatMap(({ name, labels, exemplar }) =>
      exemplar === undefined ? [] : [[name, labels['le'], exemplar.value, exemplar.labels['trace_id']]],
    ),
  );
  expect(exemplars).toEqual([
    ['wait_seconds_bucket', '0.1', 0.1, traceId(1)],
    ['wait_seconds_bucket', '1.0', 1, traceId(3)],
    ['wait_seconds_bucket', '+Inf', 50, traceId(4)],
    ['jobs_total', undefined, 2, traceId(7)],
  ]);
  expect(await page('text')).not.toContain('trace_id');
});

it('is undone, and leaves meters that everybody shares alone', async () => {
  const { provider, exemplars } = startCollecting();
  await provider.shutdown();
  const noop = provider.getMeter('late');
  expect(noop.constructor.name).toBe('NoopMeter');
  expect(Object.hasOwn(noop, 'createHistogram')).toBe(false);
  exemplars.detach();
  const { getMeter } = Object.getPrototypeOf(provider) as { getMeter: unknown };
  expect(provider.getMeter).toBe(getMeter);
});

describe('the reservoir', () => {
  it('keeps a quiet series beside a busy one', () => {
    const reservoir = new Reservoir([10]);
    reservoir.note(1, { tool: 'rare', 'error.type': 'timeout' }, undefined, 1);
    for (let index = 0; index < 10_000; index += 1) reservoir.note(1, { tool: 'busy' }, undefined, index);
    expect(
      reservoir
        .measurements()
        .map(({ attributes }) => attributes['tool'])
        .toSorted(),
    ).toEqual(['busy', 'rare']);
  });

  it('stays small whatever is recorded', () => {
    const reservoir = new Reservoir(Array.from({ length: 5000 }, (_, index) => index));
    for (let index = 0; index < 200_000; index += 1) reservoir.note(index % 6000, { id: `${index}` }, undefined, index);
    expect(reservoir.measurements().length).toBeLessThanOrEqual(512);
    expect(reservoir.measurements().length).toBeGreaterThan(400);
  });
});
