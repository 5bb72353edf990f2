import type { Point, Line } from './slope.js';

const WIDTH = 720;
const HEIGHT = 260;
const MARGIN = { left: 64, right: 16, top: 16, bottom: 40 };
const MIB = 1024 * 1024;

/** The heap over the calls, as SVG: readings as points, and the line through them. Its axis begins at 0, so that flat looks flat. */
export function plot(points: readonly Point[], { slope, intercept }: Line): string {
  const maxX = Math.max(...points.map(({ x }) => x));
  const maxY = Math.ceil((Math.max(...points.map(({ y }) => y)) * 1.25) / (10 * MIB)) * 10 * MIB;
  const toX = (x: number): string => (MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * x) / maxX).toFixed(1);
  const toY = (y: number): string => (HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * y) / maxY).toFixed(1);
  const text = (x: string | number, y: string | number, anchor: string, words: string): string =>
    `  <text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  const [firstX = 0] = points.map(({ x }) => x);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="Heap in use after a forced collection over the number of calls">`,
    `  <rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...[0, 0.5, 1].flatMap((share) => [
      `  <line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${toY(maxY * share)}" y2="${toY(maxY * share)}" stroke="#ddd"/>`,
      text(MARGIN.left - 8, toY(maxY * share), 'end', `${((maxY * share) / MIB).toFixed(0)} MiB`),
      text(
        toX(maxX * share),
        HEIGHT - MARGIN.bottom + 18,
        share === 1 ? 'end' : 'middle',
        Math.round(maxX * share).toLocaleString('en-US'),
      ),
    ]),
    text(WIDTH / 2, HEIGHT - 6, 'middle', 'calls'),
    `  <line x1="${toX(firstX)}" y1="${toY(intercept + slope * firstX)}" x2="${toX(maxX)}" y2="${toY(intercept + slope * maxX)}" stroke="#c33"/>`,
    ...points.map(({ x, y }) => `  <circle cx="${toX(x)}" cy="${toY(y)}" r="3" fill="#235"/>`),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}
