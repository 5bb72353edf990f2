import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';
import type { Database, Queryable } from '../../storage/database.js';
import { bucketStartMs, isAheadOf } from './buckets.js';
import type { SettledTime } from './buckets.js';
import { fixedSeries } from './fixedSeries.js';
import { keyOf } from './series.js';
import type { Series } from './series.js';
import { beginDetector, readPositions } from './sql/detectors.js';
import type { PositionRow } from './sql/detectors.js';
import { firstOfSeries, rankOperations, readSettled } from './sql/series.js';
import type { SettledRow } from './sql/series.js';
import { chosenTools, ofTools } from './toolSeries.js';

/** Until when buckets of each kind are settled: the start of the first that is not. */
export type Settled = ReadonlyMap<RollupKind, SettledTime>;

export async function settledBuckets(q: Queryable): Promise<Settled> {
  const rows = await q.query<SettledRow>(readSettled);
  return new Map(
    rows.map(({ kind, settled, rolled_up_to: rolledUpTo }) => [
      kind,
      { settledMs: bucketStartMs(settled.getTime()), watermarkMs: rolledUpTo.getTime() },
    ]),
  );
}

/** What is watched now, and what was and is no longer. */
export interface Watched {
  /** Series of which something has not been judged. */
  readonly due: readonly Series[];
  readonly dropped: readonly { readonly kind: string; readonly subject: string }[];
}

/**
 * Finds the series that have new buckets, and begins to watch those that have their first. There are never more than `fixedSeries` and two
 * for each of eight tools.
 */
export async function watchedSeries(database: Database, settled: Settled): Promise<Watched> {
  const positions = new Map((await database.query<PositionRow>(readPositions)).map((row) => [keyOf(row), row]));
  const isDue = (series: Series): boolean => {
    const time = settled.get(series.source.kind);
    if (time === undefined) return false;
    const position = positions.get(keyOf(series));
    return position === undefined || time.settledMs > position.judged_to.getTime() || isAheadOf(position.judged_to, time);
  };
  // A run is due each minute, and a bucket ends every five: nothing more is asked in between.
  if (!fixedSeries.some((series) => positions.has(keyOf(series)) && isDue(series)) && positions.size > 0) return { due: [], dropped: [] };
  const ranked = (await database.query<{ readonly operation: string }>(rankOperations)).map(({ operation }) => operation);
  const tools = chosenTools(ranked, new Set([...positions.values()].map(({ subject }) => subject)));
  const all = [...fixedSeries, ...tools.flatMap((tool) => ofTools(tool, [tool]))];
  const due: Series[] = [];
  for (const series of all.filter(isDue)) if (positions.has(keyOf(series)) || (await begin(database, series))) due.push(series);
  const keys = new Set(all.map(keyOf));
  return { due, dropped: [...positions.values()].filter((row) => !keys.has(keyOf(row))) };
}

/** A series begins with its first row: before, there was nothing that could have been usual. */
async function begin(database: Database, { kind, subject, source }: Series): Promise<boolean> {
  const values = [source.kind, source.dimension, source.values, source.measures];
  const [first] = await database.query<{ readonly at: Date | null }>(firstOfSeries, values);
  if (!(first?.at instanceof Date)) return false;
  await database.query(beginDetector, [kind, subject, new Date(bucketStartMs(first.at.getTime()))]);
  return true;
}
