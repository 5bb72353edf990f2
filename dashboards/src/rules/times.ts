/** Writes a time as a duration of PromQL. Everything in a rule that lasts goes through it, so that a test can shorten all of it alike. */
export type Times = (seconds: number) => string;

export const MINUTE_S = 60;
export const HOUR_S = 3600;
export const DAY_S = 86_400;

const UNITS = [
  ['d', DAY_S * 1000],
  ['h', HOUR_S * 1000],
  ['m', MINUTE_S * 1000],
  ['s', 1000],
  ['ms', 1],
] as const;

/**
 * Returns what writes durations of rules.
 *
 * @param divisor every time becomes this many times shorter; at least 1, 1 for true times.
 */
export function timesDividedBy(divisor: number): Times {
  return (seconds) => {
    const ms = Math.max(1, Math.round((seconds * 1000) / divisor));
    const [unit, unitMs] = UNITS.find(([, size]) => ms % size === 0) ?? ['ms', 1];
    return `${String(ms / unitMs)}${unit}`;
  };
}
