const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** A time of which nothing is known. */
const UNKNOWN = '·';

/** Draws values from 0 to the largest in at most `columns` cells; where there are more values, a cell has the mean of some. */
export function sparkline(values: readonly (number | null)[], columns: number): string {
  const cells = values.length <= columns ? values : resampled(values, columns);
  const top = Math.max(0, ...cells.map((value) => value ?? 0));
  return cells.map((value) => (value === null ? UNKNOWN : LEVELS[Math.min(LEVELS.length - 1, levelOf(value, top))])).join('');
}

/** Only 0 is at the bottom: what is little is more than nothing. */
function levelOf(value: number, top: number): number {
  return value <= 0 || top === 0 ? 0 : Math.max(1, Math.round((value / top) * (LEVELS.length - 1)));
}

function resampled(values: readonly (number | null)[], columns: number): (number | null)[] {
  return Array.from({ length: columns }, (_, cell) => {
    const from = Math.floor((cell * values.length) / columns);
    const known = values.slice(from, Math.floor(((cell + 1) * values.length) / columns)).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}
