/** False alarms per week at sensitivity 0, and how many times as many there are at 1. */
const LEAST_PER_WEEK = 0.05;
const RANGE = 100;
const MS_PER_WEEK = 604_800_000;

/**
 * Of rows in which nothing is wrong, the share that pass the bar with a surprise of z or more is 10 ** (OFFSET - SLOPE * z): measured over
 * series without anomalies by `npm run bench -- anomaly-faults`, whose page compares what is stated here with what happens.
 */
const OFFSET = 3.58;
const SLOPE = 0.74;

/** Half of all scores lie below the score of this surprise. */
const HALF_SCORE_SURPRISE = 16;

/**
 * How many false alarms a series is expected to give in a week.
 *
 * @param sensitivity 0 (0.05 a week) to 1 (5 a week); each tenth more gives 1.6 times as many, 0.5 gives one in two weeks
 */
export function falseAlarmsPerWeek(sensitivity: number): number {
  return LEAST_PER_WEEK * RANGE ** sensitivity;
}

/** The score from which on a row is an anomaly, for rows that are so many milliseconds apart. It falls as the sensitivity rises. */
export function thresholdScore(sensitivity: number, intervalMs: number): number {
  const share = (falseAlarmsPerWeek(sensitivity) * intervalMs) / MS_PER_WEEK;
  return scoreOf(Math.max(0, (OFFSET - Math.log10(share)) / SLOPE));
}

/** Brings a surprise of 0 or more into the range of 0 to 1, in the same order. */
export function scoreOf(surprise: number): number {
  return surprise / (surprise + HALF_SCORE_SURPRISE);
}
