import type { Meter } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';
import { startCollecting } from './collecting.js';
import { parseOpenMetrics } from './openMetrics.js';

describe('OpenMetrics', () => {
  it('says everything the older format says, in its own words', async () => {
    const { provider, page } = startCollecting();
    const meter = provider.getMeter('lib', '1.0');
    meter
      .createCounter('jobs.done', { unit: '{job}', description: 'Say "done"\nor \\ not' })
      .add(3, { kind: 'a"b\n\\', __name__: 'another' });
    meter.createHistogram('wait', { unit: 's', advice: { explicitBucketBoundaries: [0.5, 1, 2_000_000] } }).record(0.7);
    meter.createUpDownCounter('held', { unit: 'By' }).add(-7);
    meter.createGauge('fill', { unit: '1' }).record(0.25);
    expect(await page('openmetrics')).toBe(`# HELP target Target metadata
# TYPE target info
target_info{service_name="shop \\"1\\"\\n"} 1
# HELP jobs_done Say \\"done\\"\\nor \\\\ not
# TYPE jobs_done counter
jobs_done_total{kind="a\\"b\\n\\\\",otel_scope_name="lib",otel_scope_version="1.0"} 3
# HELP wait_seconds description missing
# UNIT wait_seconds seconds
# TYPE wait_seconds histogram
wait_seconds_bucket{otel_scope_name="lib",otel_scope_version="1.0",le="0.5"} 0
wait_seconds_bucket{otel_scope_name="lib",otel_scope_version="1.0",le="1.0"} 1
wait_seconds_bucket{otel_scope_name="lib",otel_scope_version="1.0",le="2e+06"} 1
wait_seconds_bucket{otel_scope_name="lib",otel_scope_version="1.0",le="+Inf"} 1
wait_seconds_sum{otel_scope_name="lib",otel_scope_version="1.0"} 0.7
wait_seconds_count{otel_scope_name="lib",otel_scope_version="1.0"} 1
# HELP held_bytes description missing
# UNIT held_bytes bytes
# TYPE held_bytes gauge
held_bytes{otel_scope_name="lib",otel_scope_version="1.0"} -7
# HELP fill_ratio description missing
# TYPE fill_ratio gauge
fill_ratio{otel_scope_name="lib",otel_scope_version="1.0"} 0.25
# EOF
`);
    const text = await page('text');
    expect(text).toContain('# HELP jobs_done_total Say "done"\\nor \\\\ not\n# TYPE jobs_done_total counter\njobs_done_total{');
    expect(text).toContain('# TYPE target_info gauge\ntarget_info{');
    expect(text).toContain('le="1"} 1\n');
    expect(text).not.toMatch(/EOF|UNIT/);
  });

  it('stays well formed whatever a host names its instruments and attributes', async () => {
    const name = fc.constantFrom(
      'a',
      'a.b',
      'a.b_total',
      'a_b',
      'a.b.count',
      'a.b.created',
      'target',
      'target.info',
      'total',
      'A-b',
      'a.seconds.b',
      'a.b_seconds',
    );
    const instrument = fc.record({
      scope: fc.constantFrom('one', 'two'),
      kind: fc.constantFrom('createCounter', 'createUpDownCounter', 'createGauge', 'createHistogram'),
      name,
      unit: fc.constantFrom('', 's', '1', 'By', 'By/s', '{thing}'),
      value: fc.double({ min: 0, max: 1e12, noNaN: true }),
      attributes: fc.dictionary(
        fc.oneof(fc.constantFrom('a.b', 'a_b', 'le', 'otel.scope.name', '2x', '_y', '__z', 'ключ'), fc.string({ minLength: 1 })),
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string())),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(instrument, { maxLength: 12 }), async (instruments) => {
        const { AggregationType, InstrumentType } = loadSdk().metrics;
        const { provider, page } = startCollecting([
          { meterName: 'two', instrumentType: InstrumentType.HISTOGRAM, aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
        ]);
        for (const { scope, kind, name: given, unit, value, attributes } of instruments)
          record(provider.getMeter(scope), kind, given, unit, value, attributes);
        parseOpenMetrics(await page('openmetrics'));
      }),
      { numRuns: 200 },
    );
  });
});

function record(
  meter: Meter,
  kind: string,
  name: string,
  unit: string,
  value: number,
  attributes: Record<string, string | number | boolean | string[]>,
): void {
  if (kind === 'createCounter') meter.createCounter(name, { unit }).add(value, attributes);
  else if (kind === 'createUpDownCounter') meter.createUpDownCounter(name, { unit }).add(-value, attributes);
  else if (kind === 'createGauge') meter.createGauge(name, { unit }).record(value, attributes);
  else meter.createHistogram(name, { unit }).record(value, attributes);
}

describe('names that meet', () => {
  it('a counter a.b and a gauge a.b_total are both shown', async () => {
    const { provider, page, complaints } = startCollecting();
    const meter = provider.getMeter('lib');
    meter.createGauge('a.b_total').record(5);
    meter.createCounter('a.b').add(2);
    for (const format of ['text', 'openmetrics'] as const) {
      const text = await page(format);
      expect(text).toMatch(/^a_b_total\{.*\} 2$/m);
      expect(text).toMatch(/^a_b_total_gauge\{.*\} 5$/m);
    }
    expect(new Set(complaints)).toEqual(
      new Set(['the gauge a_b_total clashes with the name of another metric in Prometheus; it is shown as a_b_total_gauge.']),
    );
  });

  it('a counter and a gauge of one name keep their series names in both formats', async () => {
    const { provider, page } = startCollecting();
    provider.getMeter('one').createCounter('queue').add(2);
    provider.getMeter('two').createGauge('queue').record(5);
    const open = await page('openmetrics');
    parseOpenMetrics(open);
    for (const text of [open, await page('text')]) {
      expect(text).toMatch(/^queue_total\{otel_scope_name="one"\} 2$/m);
      expect(text).toMatch(/^queue\{otel_scope_name="two"\} 5$/m);
    }
    expect(open).toContain('# TYPE queue_total unknown\n');
  });

  it('attributes that become one label share it', async () => {
    const { provider, page } = startCollecting();
    provider.getMeter('lib').createGauge('g').record(1, { a_b: '2', 'a.b': '1', '1x': 'd', _p: 'u' });
    expect(await page('text')).toContain('g{key_1x="d",key_p="u",a_b="1;2",otel_scope_name="lib"} 1\n');
  });

  it('two instruments that become one series show the first and say so', async () => {
    const { provider, page, complaints } = startCollecting();
    const meter = provider.getMeter('lib');
    meter.createGauge('a.b').record(1);
    meter.createGauge('a_b').record(2);
    expect((await page('text')).match(/^a_b\{.*$/gm)).toEqual(['a_b{otel_scope_name="lib"} 1']);
    expect(complaints).toEqual(['metrics a.b and a_b of lib are one series in Prometheus, a_b; only the first is shown.']);
  });
});

it('an exponential histogram is shown with bounds that stay when its scale changes, and says so', async () => {
  const { AggregationType } = loadSdk().metrics;
  const { provider, page } = startCollecting([
    { instrumentName: 'size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 40 } } },
  ]);
  const size = provider.getMeter('lib').createHistogram('size', { description: 'How large' });
  const buckets = async (): Promise<(string | number)[][]> => {
    const family = parseOpenMetrics(await page('openmetrics')).find(({ name }) => name === 'size');
    expect(family?.help).toBe('How large (exponential histogram, shown with buckets at powers of two)');
    return (family?.samples ?? []).filter(({ name }) => name === 'size_bucket').map(({ labels, value }) => [labels['le'] ?? '', value]);
  };
  for (const value of [0, 1, 1.5, 3, 4]) size.record(value);
  expect(await buckets()).toEqual([
    ['0.0', 1],
    ['1.0', 2],
    ['2.0', 3],
    ['4.0', 5],
    ['+Inf', 5],
  ]);
  size.record(1000);
  const later = await buckets();
  expect(later.slice(0, 4)).toEqual([
    ['0.0', 1],
    ['1.0', 2],
    ['2.0', 3],
    ['4.0', 5],
  ]);
  expect(later.slice(-2)).toEqual([
    ['1024.0', 6],
    ['+Inf', 6],
  ]);
  size.record(1e-30);
  size.record(1e30);
  expect((await buckets()).at(-1)).toEqual(['+Inf', 8]);
});

it.each([
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
])('%s as the value of an attribute is no label, and costs nothing else', async (_what, value) => {
  const { provider, page } = startCollecting();
  provider.getMeter('lib').createCounter('c').add(1, { kind: 'a', wrong: value });
  expect(await page('text')).toContain('c_total{kind="a",otel_scope_name="lib"} 1\n');
});

it('values that are one text in UTF-8 are one series', async () => {
  const { provider, page } = startCollecting();
  const counter = provider.getMeter('lib').createCounter('c');
  for (const kind of ['x\ud800', 'x\udbff', 'x\ufffd']) counter.add(1, { kind });
  expect(await page('text')).toContain('c_total{kind="x\ufffd",otel_scope_name="lib"} 3\n');
});
