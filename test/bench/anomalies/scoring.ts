import type { LabelledSeries } from './benchmarkData.js';

// The rules of the Numenta Anomaly Benchmark (numenta/NAB: nab/{scorer,sweeper,optimizer}.py), written anew.

/** What a detection in a window, one outside, and a window without any are worth. */
export interface Profile {
  readonly hit: number;
  readonly falseAlarm: number;
  readonly miss: number;
}

export const PROFILES = {
  standard: { hit: 1, falseAlarm: 0.11, miss: 1 },
  lowFP: { hit: 1, falseAlarm: 0.22, miss: 1 },
  lowFN: { hit: 1, falseAlarm: 0.11, miss: 2 },
} as const satisfies Readonly<Record<string, Profile>>;

/** A row that can be fired at. */
export interface ScoredRow {
  readonly series: number;
  readonly score: number;
  readonly worth: number;
  /** Index of the window that it lies in. */
  readonly window: number | undefined;
}

/** What is lost and won at a threshold; `points` counts from the detector that never fires. */
export interface Points {
  readonly points: number;
  readonly threshold: number;
}

const PROBATION_SHARE = 0.15;
const PROBATION_ROWS_MAX = 750;
const NEVER = 1.1;

/** 1 well before the end of a window, 0 at its end, -1 well after. */
function sigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** The rows of one series after the probation, with what firing at them is worth. */
export function weigh(series: LabelledSeries, index: number, scores: readonly number[], profile: Profile): readonly ScoredRow[] {
  const rowOf = new Map<string, number>();
  for (const [row, timestamp] of series.timestamps.entries()) if (!rowOf.has(timestamp)) rowOf.set(timestamp, row);
  const spans = series.windows.map(([from, to]) => ({ first: rowOf.get(from) ?? 0, last: rowOf.get(to) ?? 0 }));
  const probation = Math.min(Math.floor(PROBATION_SHARE * series.values.length), PROBATION_ROWS_MAX);
  return scores.flatMap((score, row): readonly ScoredRow[] => {
    if (row < probation) return [];
    const inside = spans.findIndex(({ first, last }) => row >= first && row <= last);
    const window = spans[inside];
    if (window !== undefined) {
      const position = -(window.last - row + 1) / (window.last - window.first + 1);
      return [{ series: index, score, worth: (profile.hit * sigmoid(position)) / sigmoid(-1), window: inside }];
    }
    const before = spans.findLast(({ last }) => last < row);
    const worth = before === undefined ? -1 : sigmoid((row - before.last) / (before.last - before.first));
    return [{ series: index, score, worth: profile.falseAlarm * worth, window: undefined }];
  });
}

/** Points at each threshold, from the highest to the lowest; the first is that of never firing. */
export function sweep(rows: readonly ScoredRow[], profile: Profile): readonly Points[] {
  const bestOf = new Map<string, number>();
  const curve: Points[] = [];
  let points = 0;
  let threshold = NEVER;
  for (const { series, score, worth, window } of rows.toSorted((a, b) => b.score - a.score)) {
    if (score !== threshold) curve.push({ points, threshold });
    threshold = score;
    if (window === undefined) points += worth;
    else {
      const key = `${series}|${window}`;
      const best = bestOf.get(key) ?? -profile.miss;
      if (worth > best) {
        points += worth - best;
        bestOf.set(key, worth);
      }
    }
  }
  curve.push({ points, threshold });
  return curve;
}

export function bestOf(curve: readonly Points[]): Points {
  return curve.reduce((best, each) => (each.points > best.points ? each : best), { points: 0, threshold: NEVER });
}

/** Points at a threshold that was chosen elsewhere. */
export function pointsAt(curve: readonly Points[], threshold: number): number {
  return curve.findLast((each) => each.threshold >= threshold)?.points ?? 0;
}

/** 0 for a detector that never fires, 100 for one that fires at the first row of each window and nowhere else. */
export function normalised(points: number, windows: number, profile: Profile): number {
  return windows === 0 ? 0 : (100 * points) / (windows * (profile.hit + profile.miss));
}
