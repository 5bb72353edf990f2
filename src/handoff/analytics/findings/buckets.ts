import type { Queryable } from '../../storage/database.js';
import type { Series, Value } from './series.js';
import { readSeries } from './sql/series.js';
import type { SeriesRow } from './sql/series.js';

/** Detectors judge buckets of this length: their rate of false alarms was measured with it. */
export const BUCKET_MS = 300_000;

/** How far the buckets of a kind are made, in milliseconds since the epoch. */
export interface SettledTime {
  /** Buckets that end later may change. */
  readonly settledMs: number;
  /** Until when everything is rolled up: later than `settledMs`. */
  readonly watermarkMs: number;
}

/**
 * Whether a detector has judged buckets that are not made, because the clock of the database was ahead for a while and has been put back.
 * The watermark goes back with the clock, and never otherwise; what is settled also goes back when rows come late.
 */
export function isAheadOf(judgedTo: Date, { watermarkMs }: SettledTime): boolean {
  return judgedTo.getTime() > watermarkMs + BUCKET_MS;
}

export interface Bucket extends Value {
  /** Its start, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Whether there is nothing to be judged, not even that a value is missing. */
  readonly isLeftOut: boolean;
}

export function bucketStartMs(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS) * BUCKET_MS;
}

/** Reads all buckets of a range of whole ones, also those without rows. */
export async function readBuckets(q: Queryable, series: Series, fromMs: number, toMs: number): Promise<readonly Bucket[]> {
  const rows = await readRows(q, series.source, fromMs, toMs);
  const beside = series.missingBeside === undefined ? undefined : await timesBeside(q, series, fromMs, toMs);
  const buckets: Bucket[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += BUCKET_MS) {
    const found = rows.get(atMs);
    const value = found === undefined ? emptyOf(series) : series.valueOf(Object.fromEntries(found.map((row) => [row.measure, row])));
    const isMissing = series.withoutRows === 'missing' && beside?.has(atMs) !== false;
    buckets.push({ atMs, ...value, isLeftOut: value.value === undefined && !isMissing });
  }
  return buckets;
}

async function readRows(
  q: Queryable,
  { kind, dimension, values, measures }: Series['source'],
  fromMs: number,
  toMs: number,
): Promise<ReadonlyMap<number, readonly SeriesRow[]>> {
  const rows = await q.query<SeriesRow>(readSeries, [kind, dimension, values, new Date(fromMs), new Date(toMs), measures]);
  return Map.groupBy(rows, ({ at }) => at.getTime());
}

async function timesBeside(
  q: Queryable,
  { source, missingBeside = [] }: Series,
  fromMs: number,
  toMs: number,
): Promise<ReadonlySet<number>> {
  return new Set((await readRows(q, { ...source, values: missingBeside }, fromMs, toMs)).keys());
}

function emptyOf({ withoutRows }: Series): Value {
  return { value: withoutRows === 'zero' ? 0 : undefined, count: 0 };
}
