import { axisFromZero, logarithmicAxis } from '../drawing/axis.js';
import { panel, svg, text } from '../drawing/panel.js';
import type { Box } from '../drawing/panel.js';
import { spread } from '../statistics.js';
import type { Spread } from '../statistics.js';
import { callRates, count, ratios } from './figures.js';
import type { Figures } from './figures.js';
import type { PairedRounds } from './serverPair.js';

/** One diagram: some lines over a common axis. */
interface Diagram {
  readonly title: string;
  readonly over: string;
  readonly values: readonly number[];
  readonly lines: Readonly<Partial<Record<LineName, readonly Spread[]>>>;
}

type LineName = keyof typeof COLOURS;

const COLOURS = { with: '#c33', without: '#235' } as const;
const LEGENDS: Readonly<Record<LineName, string>> = { with: 'with telemetry', without: 'without' };
const WIDTH = 960;
const HEIGHT = 620;
const COLUMNS = 2;
const CELL = { width: WIDTH / COLUMNS, height: 290 };
const MARGIN = { left: 64, right: 32, top: 44, bottom: 44 };
const LEGEND_Y = HEIGHT - 14;

/** The diagrams of what was measured, as SVG: medians as points, from the least to the most as bars. Their vertical axes begin at 0. */
export function plot(figures: Figures): string {
  const diagrams = diagramsOf(figures);
  return svg({ width: WIDTH, height: HEIGHT, label: `How cost grows: ${diagrams.map(({ title }) => title).join('; ')}` }, [
    ...diagrams.flatMap(draw),
    ...(['with', 'without'] as const).flatMap((name, index) => [
      `  <circle cx="${WIDTH / 2 - 130 + index * 160}" cy="${LEGEND_Y - 4}" r="4" fill="${COLOURS[name]}"/>`,
      text(WIDTH / 2 - 118 + index * 160, LEGEND_Y, 'start', LEGENDS[name]),
    ]),
  ]);
}

function diagramsOf({ callers, tools, history }: Figures): Diagram[] {
  const some: Diagram[] = [];
  if (callers !== undefined) {
    const values = callers.points.map((point) => point.callers);
    some.push({ title: 'update_context, calls/s', over: 'callers', values, lines: throughput(callers.points) });
    const taken = callers.points.map(({ on, off }) => spread(ratios(callRates(on), callRates(off)).map((ratio) => (1 - ratio) * 100)));
    some.push({ title: 'share of the throughput that telemetry takes, %', over: 'callers', values, lines: { with: taken } });
  }
  if (tools !== undefined) {
    const lines = { with: tools.map(({ us }) => spread(us.call.ours)), without: tools.map(({ us }) => spread(us.call.bare)) };
    some.push({ title: 'a tool call in memory, µs of CPU', over: 'tools', values: tools.map((point) => point.tools), lines });
  }
  if (history !== undefined) {
    const values = history.points.map(({ entries }) => entries);
    some.push({ title: 'update_context, calls/s', over: 'entries in the history', values, lines: throughput(history.points) });
  }
  return some;
}

function throughput(points: readonly PairedRounds[]): Diagram['lines'] {
  return { with: points.map(({ on }) => spread(callRates(on))), without: points.map(({ off }) => spread(callRates(off))) };
}

function draw({ title, over, values, lines }: Diagram, index: number): string[] {
  const [left, top] = [(index % COLUMNS) * CELL.width, Math.floor(index / COLUMNS) * CELL.height];
  const box: Box = {
    left: left + MARGIN.left,
    top: top + MARGIN.top,
    width: CELL.width - MARGIN.left - MARGIN.right,
    height: CELL.height - MARGIN.top - MARGIN.bottom,
  };
  const most = roundUp(Math.max(1, ...Object.values(lines).flatMap((line) => line.map(({ max }) => max))));
  const { toX, toY, grid } = panel(box, {
    x: logarithmicAxis(
      values.map((value, place) => ({ value, label: count(value), anchor: place === values.length - 1 ? 'end' : 'middle' })),
    ),
    y: axisFromZero(
      most,
      [0, 0.5, 1].map((share) => ({ value: most * share, label: (most * share).toLocaleString('en-US') })),
    ),
  });
  const marks = Object.entries(lines).flatMap(([name, line]) => drawLine(COLOURS[name as LineName], line, values, { toX, toY }));
  return [
    text(box.left, box.top - 16, 'start', title),
    ...grid,
    text(box.left + box.width / 2, box.top + box.height + 36, 'middle', over),
    ...marks,
  ];
}

function drawLine(
  colour: string,
  line: readonly Spread[],
  values: readonly number[],
  { toX, toY }: { readonly toX: (value: number) => string; readonly toY: (value: number) => string },
): string[] {
  // What telemetry takes may be measured as less than nothing, which the diagram has no room for.
  const y = (value: number): string => toY(Math.max(0, value));
  const places = line.map(({ min, median, max }, index) => ({
    x: toX(values[index] ?? Number.NaN),
    least: y(min),
    y: y(median),
    most: y(max),
  }));
  return [
    `  <polyline points="${places.map((place) => `${place.x},${place.y}`).join(' ')}" fill="none" stroke="${colour}"/>`,
    ...places.flatMap((place) => [
      `  <line x1="${place.x}" x2="${place.x}" y1="${place.least}" y2="${place.most}" stroke="${colour}"/>`,
      `  <circle cx="${place.x}" cy="${place.y}" r="3" fill="${colour}"/>`,
    ]),
  ];
}

/** To a number with two digits, the second of which is even, so that its half is short as well. */
function roundUp(value: number): number {
  const step = 2 * 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}
