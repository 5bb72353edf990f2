import type { Clock } from '../../../time/clock.js';
import type { PostResult } from './httpPost.js';

const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 5000;

/**
 * Returns how long to wait before the next attempt, in milliseconds: our own backoff, or longer if the receiver asks for
 * longer. It is never shorter: a receiver that says "at once" and refuses again would get requests as fast as it can answer.
 *
 * @param attempt 0 after the first one
 */
export function retryDelayMs(result: PostResult, attempt: number, clock: Pick<Clock, 'nowMs'>, random: () => number): number {
  const ownMs = Math.min(FIRST_BACKOFF_MS * 1.5 ** attempt, MAX_BACKOFF_MS) * (0.8 + random() * 0.4);
  return Math.max(ownMs, askedMs(result, clock) ?? 0);
}

/** The delay the receiver asks for: gRPC's `RetryInfo`, or HTTP's `Retry-After`, which is seconds or a date. Anything else is ignored. */
export function askedMs({ retryInfoMs, retryAfter }: PostResult, clock: Pick<Clock, 'nowMs'>): number | undefined {
  if (retryInfoMs !== undefined || retryAfter === undefined) return retryInfoMs;
  const text = retryAfter.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  // Dates begin with the day's name; without this test, `Date.parse` would take `-1` for a year.
  const dateMs = /^[A-Z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : dateMs - clock.nowMs();
}
