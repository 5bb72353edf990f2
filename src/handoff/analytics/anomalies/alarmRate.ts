/** False alarms per week at sensitivity 0, and how many times as many there are at 1. */
const LEAST_PER_WEEK = 0.05;
const RANGE = 100;
const MS_PER_WEEK = 604_800_000;

/**
 * Of rows in which nothing is wrong, the share that pass the bar with a surprise of 6, 7, … 12 or more, as a power of ten: measured over
 * 168 weeks of six kinds of series with a row every five minutes. The page of `npm run bench anomaly-faults` compares what follows from
 * this with what happens in other series of those kinds.
 */
const LOG_SHARES = [-2.52, -2.64, -2.8, -3.1, -3.49, -4.19, -4.85] as const;
const FIRST_SURPRISE = 6;

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
  return scoreOf(surpriseOf(Math.log10(share)));
}

/** Between two measured shares on a straight line, beyond them on that of the last two. */
function surpriseOf(logShare: number): number {
  const found = LOG_SHARES.findIndex((each) => each < logShare);
  const place = found === -1 ? LOG_SHARES.length - 1 : Math.max(1, found);
  const [from = 0, to = 0] = LOG_SHARES.slice(place - 1);
  return Math.max(0, FIRST_SURPRISE + place - 1 + (logShare - from) / (to - from));
}

/** Brings a surprise of 0 or more into the range of 0 to 1, in the same order. */
export function scoreOf(surprise: number): number {
  return surprise / (surprise + HALF_SCORE_SURPRISE);
}
