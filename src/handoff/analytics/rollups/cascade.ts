import type { Queryable } from '../../storage/database.js';
import { ceilTo, endOf, floorTo, granularities } from './granularity.js';
import type { Granularity } from './granularity.js';
import type { Kind } from './kinds.js';
import { deleteBuckets, readBuckets, writeBuckets } from './sql/buckets.js';
import type { BucketRow } from './sql/buckets.js';
import { addValues, storedValues } from './stored.js';
import { minutesOf, regrouped, tallyAt } from './tally.js';
import type { Tallies } from './tally.js';

/** A range of time in milliseconds since the epoch, half-open. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Values of a dimension that a bucket names. */
const MAX_VALUES = 100;

export interface MakeOptions {
  /** The watermark as it will be: larger buckets that end later are left to be made when they are complete. */
  readonly completeMs: number;
  /** Minutes before are only added up to hours, where the range is one of whole hours. */
  readonly minutesKeptMs: number;
}

/**
 * Makes all buckets of a range of whole minutes anew from the rows, and the larger buckets that are complete by a time. Returns how many
 * groups of rows were read. What it writes depends only on the rows that are there, so that it can be repeated.
 */
export async function makeBuckets(q: Queryable, kind: Kind, range: Range, { completeMs, minutesKeptMs }: MakeOptions): Promise<number> {
  const rows = await kind.read(q, range.fromMs, range.toMs);
  let made: Made = { granularity: 'minute', range, tallies: minutesOf(rows, kind.hasTotal) };
  const isWholeHours = floorTo('hour', range.fromMs) === range.fromMs && floorTo('hour', range.toMs) === range.toMs;
  if (!isWholeHours || range.toMs > minutesKeptMs) await store(q, kind, made);
  for (const granularity of granularities.slice(1)) {
    const larger = await enlarge(q, kind, made, granularity, completeMs);
    if (larger === undefined) break;
    await store(q, kind, larger);
    made = larger;
  }
  return rows.length;
}

interface Made {
  readonly granularity: Granularity;
  readonly range: Range;
  readonly tallies: Tallies;
}

/** Adds what was made up to larger buckets, together with the stored buckets before and after it; `undefined` if none is complete. */
async function enlarge(q: Queryable, kind: Kind, made: Made, granularity: Granularity, completeMs: number): Promise<Made | undefined> {
  const { fromMs, toMs } = made.range;
  const range = { fromMs: floorTo(granularity, fromMs), toMs: completeEnd(granularity, toMs, completeMs) };
  if (range.toMs <= range.fromMs) return undefined;
  const tallies: Tallies = new Map();
  for (const [bucketMs, tally] of regrouped(made.tallies, granularity)) if (bucketMs < range.toMs) tallyAt(tallies, bucketMs).addAll(tally);
  if (range.fromMs < fromMs || toMs < range.toMs) {
    const rest = [range.fromMs, fromMs, toMs, Math.max(toMs, range.toMs)].map((ms) => new Date(ms));
    const stored = await q.query<BucketRow>(readBuckets, [kind.name, made.granularity, ...rest]);
    for (const { dimension, at, ...values } of stored) {
      const tally = tallyAt(tallies, floorTo(granularity, at.getTime()));
      addValues(values, (value) => tally.measuresOf(dimension, value));
    }
  }
  return { granularity, range, tallies };
}

/** The end of the last bucket that the range reaches into and that is complete. */
function completeEnd(granularity: Granularity, toMs: number, completeMs: number): number {
  const end = ceilTo(granularity, toMs);
  return end <= completeMs ? end : floorTo(granularity, Math.min(toMs, completeMs));
}

/** A statement of its own before the insert, which would not see that the former rows are gone. */
async function store(q: Queryable, kind: Kind, { granularity, range, tallies }: Made): Promise<void> {
  await q.query(deleteBuckets, [kind.name, granularity, new Date(range.fromMs), new Date(range.toMs)]);
  const buckets = [...tallies].flatMap(([at, tally]) =>
    [...Map.groupBy(tally.bounded(MAX_VALUES), ({ dimension }) => dimension)].map(([dimension, groups]) => ({
      dimension,
      at,
      ...storedValues(groups),
    })),
  );
  for (let first = 0; first < buckets.length; first += BATCH)
    await q.query(writeBuckets, [kind.name, granularity, JSON.stringify(buckets.slice(first, first + BATCH))]);
}

/** Rows of one statement: each may have some hundred kilobytes. */
const BATCH = 500;

/** The smallest range of whole hours, or of larger buckets where those are all that is kept, around an hour. */
export function around(granularity: Granularity, hourMs: number): Range {
  return { fromMs: floorTo(granularity, hourMs), toMs: endOf(granularity, hourMs) };
}
