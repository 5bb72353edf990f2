import type { Threshold } from './thresholds.js';

/** Where a figure stands. Times are of the monotonic clock, in milliseconds. */
export type Level =
  | { readonly state: 'quiet' }
  /** Beyond the threshold since then, but not yet for long enough. */
  | { readonly state: 'rising'; readonly sinceMs: number }
  | { readonly state: 'raised'; readonly raisedMs: number }
  /** Raised, and below the level that clears it since then, but not yet for long enough. */
  | { readonly state: 'falling'; readonly raisedMs: number; readonly sinceMs: number };

export const QUIET: Level = { state: 'quiet' };

export function isRaised(level: Level): boolean {
  return level.state === 'raised' || level.state === 'falling';
}

/**
 * Where it stands after another look. A figure between the two levels changes nothing that was decided and begins every wait anew; one
 * that was not measured changes nothing at all.
 */
export function nextLevel(level: Level, value: number | undefined, { raiseAt, clearBelow, holdMs }: Threshold, nowMs: number): Level {
  if (value === undefined || Number.isNaN(value)) return level;
  switch (level.state) {
    case 'quiet':
    case 'rising': {
      if (value < raiseAt) return QUIET;
      const sinceMs = level.state === 'rising' ? level.sinceMs : nowMs;
      return nowMs - sinceMs >= holdMs ? { state: 'raised', raisedMs: nowMs } : { state: 'rising', sinceMs };
    }
    case 'raised':
    case 'falling': {
      const { raisedMs } = level;
      if (value >= clearBelow) return { state: 'raised', raisedMs };
      const sinceMs = level.state === 'falling' ? level.sinceMs : nowMs;
      return nowMs - sinceMs >= holdMs ? QUIET : { state: 'falling', raisedMs, sinceMs };
    }
  }
}
