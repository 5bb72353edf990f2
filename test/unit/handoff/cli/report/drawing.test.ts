import { describe, expect, it } from 'vitest';
import { escaped } from '../../../../../src/handoff/cli/report/html/escape.js';
import { htmlChart } from '../../../../../src/handoff/cli/report/html/chart.js';
import { scaleTo } from '../../../../../src/handoff/cli/report/html/scale.js';
import { sparkline } from '../../../../../src/handoff/cli/report/terminal/sparkline.js';
import { wrapped } from '../../../../../src/handoff/cli/report/terminal/wrapped.js';
import { contextView } from '../../../../../src/handoff/cli/report/views/contextView.js';
import { valueText } from '../../../../../src/handoff/cli/report/views/values.js';
import type { Chart } from '../../../../../src/handoff/cli/report/views/view.js';

describe('a sparkline', () => {
  it.each([
    [[0, 1, 2, 4, 7], 10, '▁▂▃▅█'],
    [[0, 0, 0], 10, '▁▁▁'],
    [[null, 3, null], 10, '·█·'],
    // What is little is more than nothing.
    [[1, 1000], 10, '▂█'],
    // Of more values than cells, each cell has the mean of those that are known.
    [[1, 3, null, 4, null, null, 8, 8], 4, '▃▅·█'],
    [[], 10, ''],
  ])('of %j in %d cells is %s', (values, columns, drawn) => {
    expect(sparkline(values, columns)).toBe(drawn);
  });
});

describe('a text', () => {
  it('is broken between words, and inside of a word only where it must', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('one abcdefghij', 8, '  ')).toEqual(['  one', '  abcde…']);
  });

  it.each([
    [1204, 'count', '1,204'],
    [2.345, 'count', '2.3'],
    [98.54, 'percent', '98.5 %'],
    // Of a million calls some failed: it is neither none of them nor all.
    [0.0004, 'percent', '<0.1 %'],
    [99.9996, 'percent', '>99.9 %'],
    [0, 'percent', '0 %'],
    [100, 'percent', '100 %'],
    [123.4, 'percent', '123.4 %'],
    [4_200_000, 'bytes', '4.2 MB'],
    [18.3, 'ms', '18.3 ms'],
    [45, 's', '45.0 s'],
    [9000, 's', '2.5 h'],
    [259_200, 's', '3 d'],
    [null, 'percent', '–'],
  ] as const)('of %s %s is %s', (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text);
  });

  it('cannot leave its place in HTML, nor turn round what follows', () => {
    expect(escaped(`<b a="1">&'\u202e`)).toBe('&lt;b a=&quot;1&quot;&gt;&amp;&#39;�');
  });
});

describe('a scale', () => {
  it.each([
    [9, 1, [0, 5, 10]],
    [3, 1, [0, 1, 2, 3]],
    [1, 1, [0, 1]],
    [0, 1, [0, 1]],
    [100, 0, [0, 25, 50, 75, 100]],
    [1300, 0, [0, 500, 1000, 1500]],
    [0.4, 0, [0, 0.1, 0.2, 0.30000000000000004, 0.4]],
  ])('to %d in steps of %d has the ticks %j', (largest, smallest, ticks) => {
    expect(scaleTo(largest, smallest)).toEqual({ top: ticks.at(-1), ticks });
  });
});

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-05-01T00:00:00Z');
const timeRange = { start: new Date(START), end: new Date(START + 4 * HOUR_MS), timeZone: 'UTC' };
const chart = (kind: Chart['kind'], ...values: (number | null)[][]): Chart => ({
  title: 'A <title>',
  unit: 'count',
  kind,
  times: [0, 1, 2, 3].map((hours) => new Date(START + hours * HOUR_MS)),
  series: values.map((each, index) => ({ name: `series ${index}`, values: each })),
});
const draw = (spec: Chart): string => htmlChart(spec, { timeRange }, 'c');

describe('a chart', () => {
  it('stacks bars, so that together they are the sum', () => {
    const rects = [
      ...draw(chart('bars', [1, 0, 2, 0], [3, 0, 2, 0])).matchAll(
        /<rect class="(f\d)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)">/g,
      ),
    ];
    expect(rects.map(([, which, top, height]) => [which, Number(top), Number(height)])).toEqual([
      ['f0', 150, 50],
      ['f1', 0, 150],
      ['f0', 100, 100],
      ['f1', 0, 100],
    ]);
  });

  it('interrupts a line where nothing was measured, and shows what stands alone as a dot', () => {
    const html = draw(chart('lines', [4, null, 2, 4]));
    expect(html).toContain('<path class="line s0" d="M625 100L875 0"/><path class="dot s0" d="M125 0h0"/>');
  });

  it('says what it shows, with its values as a table', () => {
    const html = draw(chart('lines', [4, null, 2, 4]));
    expect(html).toContain('<title id="c-t">A &lt;title&gt;</title><desc id="c-d">4 parts. series 0: from 2 to 4.</desc>');
    expect(html.match(/<tr>/g)).toHaveLength(5);
    expect(html).toContain('<td class="n">–</td>');
  });

  it('says so where nothing was measured', () => {
    expect(draw(chart('lines', [null, null, null, null]))).toContain('Nothing was measured in this range.');
    expect(draw(chart('lines', [null, null, null, null]))).not.toContain('<svg');
  });

  it('gives each value a time of its own, however long the range is', () => {
    const week = { start: new Date(START), end: new Date(START + 168 * HOUR_MS), timeZone: 'Europe/Berlin' };
    const html = htmlChart(chart('bars', [4, 1, 2, 4]), { timeRange: week }, 'c');
    for (const time of ['02:00', '03:00', '04:00', '05:00']) {
      expect(html).toContain(`<th scope="row">1 May 2026, ${time}</th>`);
      expect(html).toContain(`<title>1 May 2026, ${time}, series 0`);
    }
  });
});

it('types that are together as _OTHER are in the chart of entries too', () => {
  const figures = (count: number) => ({ count, averageSizeBytes: 1, totalSizeBytes: count, sharePercent: 50 });
  const view = contextView({
    timeRange,
    coverage: { aggregatedPercent: 100, watermark: timeRange.end, start: timeRange.start, end: timeRange.end, lateRows: 0 },
    totalContextEntries: 10,
    totalSizeBytes: 10,
    p95SizeBytes: 1,
    contentTypeDistribution: { message: figures(5), _OTHER: figures(5) },
    growthTrends: [
      { timestamp: timeRange.start, entryCount: 7, averageSizeBytes: 1, contentTypes: { message: 4, file: 2, system: 1 } },
      { timestamp: new Date(START + HOUR_MS), entryCount: 3, averageSizeBytes: 1, contentTypes: { message: 1, file: 2 } },
    ],
    sizeTrends: [],
    trend: { direction: 'stable', changePercent: null, changePoints: [], seasonality: {} },
    comparison: { current: 10, previous: null, changePercent: null },
  });
  expect(view.charts[0]?.series).toEqual([
    { name: 'message', values: [4, 1] },
    { name: '_OTHER', values: [3, 2] },
  ]);
});
