/**
 * Returns the delay before attempt `attempt + 1` in milliseconds: it doubles from `baseMs` to `maxMs`, with the upper half random,
 * so that replicas disconnected at the same moment do not reconnect at the same moment.
 *
 * @param attempt number of attempts made so far, from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(attempt: number, random: () => number, baseMs = 50, maxMs = 1000): number {
  const ceilingMs = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 20));
  return ceilingMs * (0.5 + random() / 2);
}
