import type { Axis } from './axis.js';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The ground of one diagram: where values are, and the lines and labels of its axes. */
export interface Panel {
  readonly toX: (value: number) => string;
  readonly toY: (value: number) => string;
  readonly grid: readonly string[];
}

export function panel({ left, top, width, height }: Box, axes: { readonly x: Axis; readonly y: Axis }): Panel {
  const toX = (value: number): string => (left + width * axes.x.placeOf(value)).toFixed(1);
  const toY = (value: number): string => (top + height * (1 - axes.y.placeOf(value))).toFixed(1);
  return {
    toX,
    toY,
    grid: [
      ...axes.y.ticks.flatMap(({ value, label }) => [
        `  <line x1="${left}" x2="${left + width}" y1="${toY(value)}" y2="${toY(value)}" stroke="#ddd"/>`,
        text(left - 8, toY(value), 'end', label),
      ]),
      ...axes.x.ticks.map(({ value, label, anchor = 'middle' }) => text(toX(value), top + height + 18, anchor, label)),
    ],
  };
}

export function text(x: string | number, y: string | number, anchor: 'start' | 'middle' | 'end', words: string): string {
  return `  <text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}

/** The file: what it shows is said to those who cannot see it. */
export function svg({ width, height, label }: { width: number; height: number; label: string }, elements: readonly string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${label}">`,
    `  <rect width="${width}" height="${height}" fill="white"/>`,
    ...elements,
    '</svg>',
  ].join('\n')}\n`;
}
