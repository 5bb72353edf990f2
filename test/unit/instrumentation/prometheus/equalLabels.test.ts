import { describe, expect, it } from 'vitest';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';
import { startCollecting } from './collecting.js';
import { parseOpenMetrics } from './openMetrics.js';

describe('points whose labels become equal', () => {
  const CASES: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
    ['a number and its text', { status: 200 }, { status: '200' }],
    ['a boolean and its text', { ok: true }, { ok: 'true' }],
    ['an empty text and none', { a: '' }, {}],
    ['an array and its text', { a: [1] }, { a: '[1]' }],
    ['names in another spelling', { 'a.b': 'x' }, { a_b: 'x' }],
    ['an attribute named le', { le: '0.5' }, { le: '7' }],
    ['an attribute named __name__', { __name__: 'a' }, { __name__: 'b' }],
    ['an attribute named otel.scope.name', { 'otel.scope.name': 'a' }, { 'otel.scope.name': 'b' }],
  ];

  it.each(CASES)('are added up, for counters: %s', async (_what, one, other) => {
    const { provider, page } = startCollecting();
    const meter = provider.getMeter('lib');
    const calls = meter.createCounter('calls');
    const open = meter.createUpDownCounter('open');
    for (const [value, attributes] of [
      [1, one],
      [10, other],
    ] as const) {
      calls.add(value, attributes);
      open.add(value, attributes);
    }
    for (const format of ['text', 'openmetrics'] as const) {
      const text = await page(format);
      expect(total(text, 'calls_total')).toBe(11);
      expect(total(text, 'open')).toBe(11);
    }
  });

  it.each(CASES)('are added up, for histograms: %s', async (_what, one, other) => {
    const { provider, page } = startCollecting();
    const wait = provider.getMeter('lib').createHistogram('wait', { advice: { explicitBucketBoundaries: [1, 5] } });
    for (const value of [0.5, 3]) wait.record(value, one);
    for (const value of [4, 9, 20]) wait.record(value, other);
    const text = await page('openmetrics');
    parseOpenMetrics(text);
    expect([total(text, 'wait_count'), total(text, 'wait_sum')]).toEqual([5, 36.5]);
    expect(['1.0', '5.0', '+Inf'].map((bound) => total(text, 'wait_bucket', `le="${bound}"`))).toEqual([1, 3, 5]);
  });

  it('are added up, for exponential histograms of different scales, without a guess', async () => {
    const { AggregationType } = loadSdk().metrics;
    const { provider, page } = startCollecting([
      { instrumentName: 'size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 4 } } },
    ]);
    const size = provider.getMeter('lib').createHistogram('size');
    const [fine, coarse] = [
      [1, 3, 4],
      [1e-6, 5, 1e6],
    ];
    for (const value of fine) size.record(value, { a: 1 });
    for (const value of coarse) size.record(value, { a: '1' });
    const samples = parseOpenMetrics(await page('openmetrics')).find(({ name }) => name === 'size')?.samples ?? [];
    const buckets = samples
      .filter(({ name }) => name === 'size_bucket')
      .map(({ labels, value }) => [Number(labels['le'] === '+Inf' ? Infinity : labels['le']), value] as const);
    expect(buckets.at(-1)).toEqual([Infinity, 6]);
    expect(buckets.length).toBeGreaterThan(2);
    for (const [bound, count] of buckets) expect(count, String(bound)).toBe([...fine, ...coarse].filter((value) => value <= bound).length);
  });

  it('are kept apart where a label can do it: names without a letter of ours', async () => {
    const { provider, page, complaints } = startCollecting();
    const calls = provider.getMeter('lib').createCounter('calls');
    calls.add(1, { ключ: 'a' });
    calls.add(10, { ключ: 'b' });
    expect((await page('text')).match(/^calls_total.*$/gm)).toEqual([
      'calls_total{key____="a",otel_scope_name="lib"} 1',
      'calls_total{key____="b",otel_scope_name="lib"} 10',
    ]);
    expect(complaints).toEqual([]);
  });

  it('show the first of a gauge, and say so', async () => {
    const { provider, page, complaints } = startCollecting();
    const fill = provider.getMeter('lib').createGauge('fill');
    fill.record(1, { a: 1 });
    fill.record(2, { a: '1' });
    expect((await page('text')).match(/^fill\{.*$/gm)).toEqual(['fill{a="1",otel_scope_name="lib"} 1']);
    expect(complaints).toEqual([
      `the gauge fill has several values for the labels {a="1",otel_scope_name="lib"}: its attributes differ only in what Prometheus cannot distinguish, for instance 200 and '200'. Only the first is shown.`,
    ]);
  });

  it('are named where an attribute is not shown', async () => {
    const { provider, page, complaints } = startCollecting();
    provider.getMeter('lib').createHistogram('wait').record(1, { le: 'x' });
    await page('text');
    expect(complaints).toEqual([
      'the attribute le of wait is not shown: Prometheus reserves a label of that name. Values that differ only in it are added up.',
    ]);
  });

  it('lead to the latest exemplar of all of them', async () => {
    const { provider, page } = startCollecting([], 'always_on');
    const calls = provider.getMeter('lib').createCounter('calls');
    calls.add(1, { a: '1' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    calls.add(10, { a: 1 });
    expect(await page('openmetrics')).toMatch(/^calls_total\{a="1",otel_scope_name="lib"\} 11 # \{\} 10 /m);
  });

  it('a metric without a name that Prometheus allows is named', async () => {
    const { provider, page, complaints } = startCollecting([{ instrumentName: 'heat', name: '温度' }]);
    provider.getMeter('lib').createGauge('heat').record(3);
    await page('text');
    expect(complaints).toEqual(['a gauge has no characters in its name that Prometheus allows; it is not shown there.']);
  });
});

/** Of all series of a name. */
function total(text: string, name: string, label = ''): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  return lines.reduce((sum, line) => sum + Number(line.replace(/^.*\} /, '')), 0);
}
