/** Glyphs of a solid bar: a full cell, a left half and a right half. */
const SOLID = { both: '━', left: '╸', right: '╺' };
/** A moment rather than a period of time. */
const INSTANT = '╋';

/** A bar's place in its column: spaces before it, the glyphs, and the rest of the column. */
export interface Bar {
  readonly before: number;
  readonly glyphs: string;
  readonly after: number;
}

/**
 * Draws the interval `[start, end]` of `[0, total]` into `columns` cells, to half a cell. Never empty and never outside:
 * even the shortest span takes half a cell.
 */
export function drawBar(start: number, end: number, total: number, columns: number): Bar {
  const halves = columns * 2;
  const scale = total > 0 ? halves / total : 0;
  const from = Math.max(0, Math.min(halves - 1, Math.round(start * scale)));
  const to = Math.max(from + 1, Math.min(halves, Math.round(end * scale)));
  const firstCell = Math.floor(from / 2);
  const lastCell = Math.ceil(to / 2);
  if (end <= start) return { before: firstCell, glyphs: INSTANT, after: columns - firstCell - 1 };
  let glyphs = '';
  for (let cell = firstCell; cell < lastCell; cell += 1) {
    const left = from <= cell * 2;
    const right = to >= cell * 2 + 2;
    glyphs += left && right ? SOLID.both : left ? SOLID.left : SOLID.right;
  }
  return { before: firstCell, glyphs, after: columns - lastCell };
}
