import type { RecordingRule } from './rule.js';
import { DAY_S, HOUR_S, MINUTE_S } from './times.js';
import type { Times } from './times.js';

/** A series that had no sample for this long before the window is one that appeared within it. */
const LOOK_BACK_S = HOUR_S;
/** A pause that is longer than this looks like the first start. */
const REMEMBERED_S = 30 * DAY_S;
/** For so long after rules are evaluated again, series come back: at most a few export intervals and retries of a collector. */
const SETTLING_S = 5 * MINUTE_S;
const RESUMED_RECORD = 'handoff:rules_resumed:timestamp_seconds';

/**
 * Records since when rules have been evaluated without a pause that is longer than the look-back: -1 where there was no pause that
 * Prometheus knows of, as after its first start.
 */
export const resumedRule = (times: Times): RecordingRule => ({
  record: RESUMED_RECORD,
  expr: [
    `last_over_time(${RESUMED_RECORD}[${times(LOOK_BACK_S)}])`,
    `or (vector(time()) and last_over_time(${RESUMED_RECORD}[${times(REMEMBERED_S)}]))`,
    'or vector(-1)',
  ].join('\n'),
});

/**
 * Returns an expression for what a counter counted within a window, for each series.
 *
 * `increase()` alone takes a series' first sample for its zero, so that it misses the errors of a process that has just started, the
 * first error of its kind, and all of a process that lived for a single export. A series that appeared within the window began at zero,
 * so its last value is what was counted. It works on samples that are already there: Prometheus need not know when a process began.
 *
 * After Prometheus itself was away, or the machine asleep, every series seems to have appeared, with all that its process ever counted.
 * So none is taken for new until rules have been evaluated for as long as the window, and a little more.
 *
 * @param selector selector of one counter, or of one part of a histogram.
 */
function increased(selector: string, windowS: number, times: Times): string {
  const window = times(windowS);
  const isOld = `last_over_time(${selector}[${times(LOOK_BACK_S)}] offset ${window})`;
  const isSettled = `${RESUMED_RECORD} < 0 or ${RESUMED_RECORD} == ${RESUMED_RECORD} offset ${times(windowS + SETTLING_S)}`;
  return `(last_over_time(${selector}[${window}]) and on () (${isSettled}) unless ${isOld}) or increase(${selector}[${window}])`;
}

/** The same, added up over all series that agree in `labels`. */
export function increasedBy(labels: readonly string[], selector: string, windowS: number, times: Times): string {
  return `sum by (${labels.join(', ')}) (${increased(selector, windowS, times)})`;
}
