import { fires, silent } from './proof.js';
import type { Firing, Situation } from './proof.js';

/** An alert on how much a counter counted within a window. */
export interface Counted {
  readonly series: string;
  /** The least count that fires. */
  readonly least: number;
  readonly windowMinutes: number;
  readonly forMinutes: number;
  readonly keepMinutes: number;
  /** What fires when exactly `least` was counted. */
  readonly firing: Firing;
  /** Other series that are there all the time, so that only the counter in question makes the difference. */
  readonly others?: Readonly<Record<string, string>>;
}

const START = 70;

/** Situations of a counter whose first sample appears with a count already: the hardest case for `increase()`, and exact. */
export function countedSituations(counted: Counted): Situation[] {
  const { series, least, windowMinutes, forMinutes, keepMinutes, firing, others = {} } = counted;
  const first = START + forMinutes;
  // The last minute at which the first sample is within the window, and then the time for which the alert is kept.
  const last = START + windowMinutes - 1 + keepMinutes;
  const appears = (value: number): Record<string, string> => ({ ...others, [series]: `_x${String(START - 1)} ${String(value)}x200` });
  return [
    {
      name: 'a series appears with the least count that fires, and does not grow',
      samples: appears(least),
      at: [silent(START - 1), ...(forMinutes > 0 ? [silent(first - 1)] : []), fires(first, firing), fires(last, firing), silent(last + 2)],
    },
    { name: 'a series appears with one less', samples: appears(least - 1), at: [silent(first), silent(first + 2), silent(first + 4)] },
    {
      name: 'an old series stands still, then its process starts again at zero',
      samples: { ...others, [series]: `1000x${String(START + 10)} 0x100` },
      at: [silent(START), silent(START + 11), silent(START + 15), silent(START + 40)],
    },
    {
      name: 'an old series counts again after it was reset',
      samples: { ...others, [series]: `1000x${String(START - 1)} 0 ${String(least)}x100` },
      at: [silent(START), firesSomehow(START + 1 + forMinutes + 1, firing)],
    },
    { name: 'there is no such series', samples: others, at: [silent(START), silent(START + 30)] },
  ];
}
