import type { Figure } from './figures.js';
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
 * What of a figure is compared with the threshold. One of few runs raises nothing, but an alert that is raised goes by it: otherwise it
 * would stay for as long as there is little to do.
 */
export function comparedValue(level: Level, figure: Figure | undefined): number | undefined {
  return figure?.isOfFew === true && !isRaised(level) ? undefined : figure?.value;
}

/**
 * Where it stands after another look. A figure between the two levels changes nothing that was decided and begins every wait anew; so
 * does one that was not measured, but for the wait to be cleared: nobody knows that it was beyond the threshold in between.
 */
export function nextLevel(level: Level, value: number | undefined, { raiseAt, clearBelow, holdMs }: Threshold, nowMs: number): Level {
  if (value === undefined || Number.isNaN(value)) return level.state === 'rising' ? QUIET : level;
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
