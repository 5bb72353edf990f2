import { fullTimes, timeLabels } from '../views/times.js';
import { UNMEASURED, valueText } from '../views/values.js';
import type { Chart, ReportView, Series } from '../views/view.js';
import { escaped } from './escape.js';
import { htmlTable } from './htmlTable.js';
import { scaleTo } from './scale.js';
import type { Scale } from './scale.js';

/** The plot is drawn in these units and stretched to its place; texts stand around it, so that they keep their size. */
const WIDTH = 1000;
const HEIGHT = 200;
const BAR_GAP = 0.15;
/** Places for times below the chart; narrow screens leave out every second. */
const TIME_LABELS = 5;

/** Draws one chart, with a legend, and all its values as a table for those who do not see it. */
export function htmlChart(chart: Chart, { timeRange }: Required<Pick<ReportView, 'timeRange'>>, id: string): string {
  const { title, unit, times } = chart;
  const series = chart.series.filter(({ values }) => values.some((value) => value !== null));
  if (series.length === 0 || times.length === 0)
    return `<figure class="chart"><figcaption>${escaped(title)}</figcaption><p class="none">Nothing was measured in this range.</p></figure>`;
  const scale = scaleTo(largestOf(chart.kind, series), unit === 'count' ? 1 : 0);
  const label = timeLabels(timeRange);
  // Below the chart places tell times apart; a value by itself needs its time in full.
  const full = fullTimes(timeRange.timeZone);
  const plot = (chart.kind === 'bars' ? bars : lines)({ ...chart, series }, scale, full);
  const grid = scale.ticks.map((tick) => `<path class="grid" d="M0 ${y(tick, scale)}H${WIDTH}"/>`).join('');
  return `<figure class="chart">
<figcaption>${escaped(title)}</figcaption>
${legend(series, chart.kind)}
<div class="plot">
<div class="y" aria-hidden="true">${[...scale.ticks]
    .reverse()
    .map((tick) => `<span>${escaped(valueText(tick, unit))}</span>`)
    .join('')}</div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${escaped(title)}</title><desc id="${id}-d">${escaped(description(chart, series))}</desc>
${grid}${plot}
</svg>
<div class="x" aria-hidden="true">${timeAxis(times, label)}</div>
</div>
<details><summary>Values</summary>${htmlTable(valueTable(chart, series, full))}</details>
</figure>`;
}

function largestOf(kind: Chart['kind'], series: readonly Series[]): number {
  if (kind === 'lines') return Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const [first] = series;
  return Math.max(0, ...(first?.values ?? []).map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0)));
}

function y(value: number, { top }: Scale): number {
  return rounded(HEIGHT - (value / top) * HEIGHT);
}

/** A tenth of a unit is finer than any screen. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function bars({ series, times, unit }: Chart, scale: Scale, label: (time: Date) => string): string {
  const place = WIDTH / times.length;
  return times
    .map((time, at) => {
      let below = 0;
      const parts = series.map(({ values, name }, index) => {
        const value = values[at] ?? 0;
        const from = y(below, scale);
        below += value;
        const to = y(below, scale);
        if (value <= 0) return '';
        const said = escaped(`${label(time)}, ${name}: ${valueText(value, unit)}`);
        const [x, width] = [rounded((at + BAR_GAP / 2) * place), rounded(place * (1 - BAR_GAP))];
        return `<rect class="f${index}" x="${x}" y="${to}" width="${width}" height="${rounded(from - to)}"><title>${said}</title></rect>`;
      });
      return parts.join('');
    })
    .join('');
}

/** A line for each series, interrupted where nothing was measured; what stands alone is a dot. */
function lines({ series, times }: Chart, scale: Scale): string {
  const place = WIDTH / times.length;
  return series
    .map(({ values }, index) => {
      let [path, dots] = ['', ''];
      values.forEach((value, at) => {
        if (value === null) return;
        const point = `${rounded((at + 0.5) * place)} ${y(value, scale)}`;
        const begins = at === 0 || (values[at - 1] ?? null) === null;
        if (begins && (values[at + 1] ?? null) === null) dots += `M${point}h0`;
        else path += `${begins ? 'M' : 'L'}${point}`;
      });
      return `<path class="line s${index}" d="${path}"/><path class="dot s${index}" d="${dots}"/>`;
    })
    .join('');
}

function legend(series: readonly Series[], kind: Chart['kind']): string {
  const mark = (index: number): string =>
    kind === 'bars' ? `<rect class="f${index}" width="18" height="10"/>` : `<path class="line s${index}" d="M0 5H18"/>`;
  const entries = series.map(
    ({ name }, index) =>
      `<li><svg class="mark" viewBox="0 0 18 10" width="18" height="10" aria-hidden="true">${mark(index)}</svg>${escaped(name)}</li>`,
  );
  return `<ul class="legend">${entries.join('')}</ul>`;
}

function timeAxis(times: readonly Date[], label: (time: Date) => string): string {
  const count = Math.min(TIME_LABELS, times.length);
  return Array.from({ length: count }, (_, place) => {
    const time = times[count === 1 ? 0 : Math.round((place * (times.length - 1)) / (count - 1))];
    return `<span>${time === undefined ? '' : escaped(label(time))}</span>`;
  }).join('');
}

function description({ unit, times }: Chart, series: readonly Series[]): string {
  const said = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    return `${name}: from ${valueText(Math.min(...known), unit)} to ${valueText(Math.max(...known), unit)}`;
  });
  return `${times.length} parts. ${said.join('; ')}.`;
}

function valueTable({ title, unit, times }: Chart, series: readonly Series[], label: (time: Date) => string) {
  return {
    title: `${title}: values`,
    columns: [{ heading: 'time' }, ...series.map(({ name }) => ({ heading: name, align: 'right' as const }))],
    rows: times.map((time, at) => [
      label(time),
      ...series.map(({ values }) => (values[at] === undefined ? UNMEASURED : valueText(values[at], unit))),
    ]),
  };
}
