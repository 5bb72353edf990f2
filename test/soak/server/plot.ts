import { axisFromZero } from '../../bench/drawing/axis.js';
import { panel, svg, text } from '../../bench/drawing/panel.js';
import type { Point, Line } from './slope.js';

const WIDTH = 720;
const HEIGHT = 260;
const MARGIN = { left: 64, right: 16, top: 16, bottom: 40 };
const MIB = 1024 * 1024;

/** The heap over the calls, as SVG: readings as points, and the line through them. Its axis begins at 0, so that flat looks flat. */
export function plot(points: readonly Point[], { slope, intercept }: Line): string {
  const maxX = Math.max(...points.map(({ x }) => x));
  const maxY = Math.ceil((Math.max(...points.map(({ y }) => y)) * 1.25) / (10 * MIB)) * 10 * MIB;
  const [firstX = 0] = points.map(({ x }) => x);
  const shares = [0, 0.5, 1];
  const box = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: WIDTH - MARGIN.left - MARGIN.right,
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const { toX, toY, grid } = panel(box, {
    x: axisFromZero(
      maxX,
      shares.map((share) => ({
        value: maxX * share,
        label: Math.round(maxX * share).toLocaleString('en-US'),
        anchor: share === 1 ? 'end' : 'middle',
      })),
    ),
    y: axisFromZero(
      maxY,
      shares.map((share) => ({ value: maxY * share, label: `${((maxY * share) / MIB).toFixed(0)} MiB` })),
    ),
  });
  return svg({ width: WIDTH, height: HEIGHT, label: 'Heap in use after a forced collection over the number of calls' }, [
    ...grid,
    text(WIDTH / 2, HEIGHT - 6, 'middle', 'calls'),
    `  <line x1="${toX(firstX)}" y1="${toY(intercept + slope * firstX)}" x2="${toX(maxX)}" y2="${toY(intercept + slope * maxX)}" stroke="#c33"/>`,
    ...points.map(({ x, y }) => `  <circle cx="${toX(x)}" cy="${toY(y)}" r="3" fill="#235"/>`),
  ]);
}
