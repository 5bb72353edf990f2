import { fires, silent } from './proof.js';
import type { Firing, Samples, Situation } from './proof.js';

/** An alert on a value that is too high. */
export interface Level {
  /** All series, given the samples of the one that matters. */
  readonly samples: (values: string) => Samples;
  /** Values of that series: when all is well, just above what fires, and just below. */
  readonly quiet: number;
  readonly above: number;
  readonly below: number;
  /** Minutes over which the value is averaged. */
  readonly averagedMinutes?: number;
  /** Minutes for which a series without new samples still counts. */
  readonly lingersMinutes?: number;
  readonly forMinutes: number;
  readonly firing: Firing;
}

const START = 20;
const END = 80;

/** The situations of such an alert. */
export function levelSituations(level: Level): Situation[] {
  const { samples, quiet, above, below, averagedMinutes = 0, forMinutes, firing } = level;
  // Versions of Prometheus differ in whether a sample at the very beginning of the window counts.
  const earliest = START + Math.max(averagedMinutes - 1, 0) + forMinutes;
  const latest = START + averagedMinutes + forMinutes;
  const rise = (value: number): string =>
    `${String(quiet)}x${String(START - 1)} ${String(value)}x${String(END - START - 1)} ${String(quiet)}x40`;
  return [
    {
      name: 'it rises just above the threshold, and falls',
      samples: samples(rise(above)),
      at: [silent(START - 1), silent(earliest - 1), fires(latest, firing), fires(END - 1, firing), silent(END + averagedMinutes + 1)],
    },
    { name: 'it stays just below', samples: samples(rise(below)), at: [silent(latest), silent(END - 1)] },
    {
      name: 'it rises for less than the time it has to last',
      samples: samples(`${String(quiet)}x${String(START - 1)} ${String(above)}x${String(forMinutes - 2)} ${String(quiet)}x60`),
      at: [silent(START + forMinutes - 1), silent(latest), silent(latest + 2)],
    },
    {
      name: 'the process ends while it fires',
      samples: samples(`${String(quiet)}x${String(START - 1)} ${String(above)}x${String(END - START - 1)}`),
      at: [fires(END - 1, firing), fires(END + 3, firing), silent(END + (level.lingersMinutes ?? 5) + 1)],
    },
    { name: 'there is no such series', samples: {}, at: [silent(latest), silent(END)] },
  ];
}
