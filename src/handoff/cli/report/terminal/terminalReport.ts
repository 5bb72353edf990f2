import { painter } from '../../render/paint.js';
import type { Paint } from '../../render/paint.js';
import { renderTable } from '../../render/table.js';
import { fit, pad, printable, widthOf } from '../../render/width.js';
import { coverageNote } from '../views/coverageText.js';
import { rangeText, timeLabels } from '../views/times.js';
import { valueText } from '../views/values.js';
import type { Chart, Figure, ReportView } from '../views/view.js';
import { sparkline } from './sparkline.js';
import { wrapped } from './wrapped.js';

export interface TerminalOptions {
  /** Width of the output. */
  readonly columns: number;
  readonly colour: boolean;
}

const INDENT = '  ';
/** Longer names of series are cut. */
const MOST_NAME = 24;
const LEAST_SPARKS = 8;
/** Wider ones are not read as one line. */
const MOST_SPARKS = 100;

/** Returns a report for people who read it in a terminal. */
export function terminalReport(view: ReportView, options: TerminalOptions): string {
  const paint = painter(options.colour);
  const note = coverageNote(view);
  const { timeRange } = view;
  const blocks = [
    [
      paint('strong', view.title),
      ...[view.question, ...(timeRange === undefined ? [] : [rangeText(timeRange)])].flatMap((text) =>
        wrapped(text, options.columns).map((line) => paint('faint', line)),
      ),
      ...(note === undefined ? [] : wrapped(note.text, options.columns).map((line) => paint(note.isWarning ? 'warning' : 'faint', line))),
    ],
    figureLines(view.figures, options, paint),
    ...(timeRange === undefined ? [] : view.charts.map((chart) => chartLines(chart, timeRange, options, paint))),
    ...view.tables.map(({ title, columns, rows }) => [
      // The route or table that it is about is in it.
      ...wrapped(printable(title), options.columns).map((line) => paint('strong', line)),
      rows.length === 0 ? `${INDENT}nothing was counted` : renderTable(columns, rows, options),
    ]),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Names and values side by side; a note goes below where the line has no room for it. */
function figureLines(figures: readonly Figure[], { columns }: TerminalOptions, paint: Paint): readonly string[] {
  const values = figures.map(({ value, unit }) => valueText(value, unit));
  const labelWidth = Math.max(...figures.map(({ label }) => widthOf(label)));
  const valueWidth = Math.max(...values.map(widthOf));
  return figures.flatMap(({ label, note }, index) => {
    const line = `${INDENT}${pad(label, labelWidth)}${INDENT}${pad(values[index] ?? '', valueWidth, 'right')}`;
    if (note === undefined) return [line];
    if (widthOf(line) + INDENT.length + widthOf(note) <= columns) return [`${line}${INDENT}${paint('faint', note)}`];
    return [line, ...wrapped(note, columns, INDENT.repeat(2)).map((text) => paint('faint', text))];
  });
}

function chartLines(
  { title, unit, times, series }: Chart,
  timeRange: NonNullable<ReportView['timeRange']>,
  { columns }: TerminalOptions,
  paint: Paint,
): readonly string[] {
  const known = series.filter(({ values }) => values.some((value) => value !== null));
  if (known.length === 0) return [paint('strong', title), `${INDENT}nothing was measured`];
  const tops = known.map(({ values }) => `max ${valueText(Math.max(...values.map((value) => value ?? 0)), unit)}`);
  const nameWidth = Math.min(MOST_NAME, Math.max(...known.map(({ name }) => widthOf(name))));
  const besides = INDENT.length * 3 + nameWidth + Math.max(...tops.map(widthOf));
  const room = Math.min(MOST_SPARKS, Math.max(LEAST_SPARKS, columns - besides));
  const width = Math.min(room, times.length);
  const labels = timeLabels(timeRange);
  const [first, last] = [times[0], times.at(-1)].map((time) => (time === undefined ? '' : labels(time)));
  const axis = axisText(first ?? '', last ?? '', width);
  return [
    paint('strong', fit(title, columns)),
    ...known.map(({ name, values }, index) => {
      const sparks = paint(index === 0 ? 'process0' : 'process1', pad(sparkline(values, width), width));
      return `${INDENT}${pad(name, nameWidth)}${INDENT}${sparks}${INDENT}${paint('faint', tops[index] ?? '')}`;
    }),
    ...(axis === '' ? [] : [`${' '.repeat(INDENT.length * 2 + nameWidth)}${paint('faint', axis)}`]),
  ];
}

/** The first and last time below a sparkline, where both have room. */
function axisText(first: string, last: string, width: number): string {
  const gap = width - widthOf(first) - widthOf(last);
  return gap < 1 ? (widthOf(first) <= width ? first : '') : `${first}${' '.repeat(gap)}${last}`;
}
