import { HOUR_S } from './times.js';
import type { Times } from './times.js';

/** A series that had no sample for this long before the window is one that appeared within it. */
const LOOK_BACK_S = HOUR_S;

/**
 * Returns an expression for what a counter counted within a window, for each series.
 *
 * `increase()` alone takes a series' first sample for its zero, so that it misses the errors of a process that has just started, the
 * first error of its kind, and all of a process that lived for a single export. A series that appeared within the window began at zero,
 * so its last value is what was counted. It works on samples that are already there: Prometheus need not know when a process began.
 *
 * @param selector selector of one counter, or of one part of a histogram.
 */
function increased(selector: string, windowS: number, times: Times): string {
  const window = times(windowS);
  const isOld = `last_over_time(${selector}[${times(LOOK_BACK_S)}] offset ${window})`;
  return `(last_over_time(${selector}[${window}]) unless ${isOld}) or increase(${selector}[${window}])`;
}

/** The same, added up over all series that agree in `labels`. */
export function increasedBy(labels: readonly string[], selector: string, windowS: number, times: Times): string {
  return `sum by (${labels.join(', ')}) (${increased(selector, windowS, times)})`;
}
