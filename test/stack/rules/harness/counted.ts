import { fires, firesSomehow, silent } from './proof.js';
import type { Firing, Samples, Situation } from './proof.js';

/** An alert on how much a counter counted within a window. */
export interface Counted {
  readonly series: string;
  /** The least count that fires. */
  readonly least: number;
  readonly windowMinutes: number;
  readonly forMinutes?: number;
  readonly keepMinutes?: number;
  /** What fires when exactly `least` was counted. */
  readonly firing: Firing;
}

/**
 * When something happens, if the window is not longer. Before that an hour and more has passed, so that series which were there all the
 * time are old ones.
 */
const EARLIEST = 70;

/** The situations of such an alert. Series that appear are counted exactly; for those that were there Prometheus extrapolates. */
export function countedSituations({ series, least, windowMinutes, forMinutes = 0, keepMinutes = 0, firing }: Counted): Situation[] {
  const start = Math.max(EARLIEST, windowMinutes + 10);
  const first = start + forMinutes;
  /** The last minute at which what happened at the start is within the window, and then the time for which the alert is kept. */
  const last = start + windowMinutes - 1 + keepMinutes;
  /** More than an hour before the window. */
  const gap = Math.max(71, windowMinutes + 60);
  const situation = (name: string, values: string | undefined, at: Situation['at']): Situation => ({
    name,
    samples: values === undefined ? {} : ({ [series]: values } satisfies Samples),
    at,
  });
  const before = `_x${String(start)}`;
  const ends = [fires(first, firing), fires(last, firing), silent(last + 2)];
  return [
    situation('a process lives for a single export, with the least count that fires', `${before} ${String(least)}`, [
      silent(first - 1),
      ...ends,
    ]),
    situation('a series appears with the least count that fires, and stands still', `${before} ${String(least)}x200`, ends),
    situation('a series appears with one less', `${before} ${String(least - 1)}x200`, [silent(first), silent(first + 2), silent(last)]),
    situation('an old series counts', `1000x${String(start - 1)} ${String(1000 + 9 * least)}x200`, [
      silent(first - 1),
      firesSomehow(first),
      // An increase needs the sample before it within the window too.
      firesSomehow(last - 1),
      silent(last + 2),
    ]),
    situation('an old series starts again at zero', `1000x${String(start - 1)} 0x200`, [silent(first), silent(first + 4), silent(last)]),
    situation('an old series starts again and counts', `1000x${String(start - 2)} 0 ${String(9 * least)}x200`, [firesSomehow(first)]),
    situation('an old series is missing for 50 minutes', `1000x${String(start - 51)} _x50 1000x100`, [silent(first), silent(last)]),
    situation('a series is missing for more than an hour, and counts as new', `1000x2 _x${String(gap)} 1000x100`, [
      firesSomehow(gap + 4 + forMinutes),
    ]),
    situation('nothing is counted', `0x200`, [silent(start), silent(last)]),
    situation('there is no such series', undefined, [silent(start), silent(last)]),
  ];
}
