/** What a trace is drawn in at least, see `renderWaterfall`. */
const LEAST = 48;
/** In a wider terminal, names and their bars would be too far from each other. */
const MOST = 140;
const WITHOUT_TERMINAL = 100;

/** Returns the width to draw in: that of the terminal, within bounds. A line that is longer than the terminal would break in two. */
export function terminalColumns(columns: number | undefined): number {
  return Math.min(Math.max(columns ?? WITHOUT_TERMINAL, LEAST), MOST);
}
