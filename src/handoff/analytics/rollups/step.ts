import type { Queryable } from '../../storage/database.js';
import { around, makeBuckets } from './cascade.js';
import type { Range } from './cascade.js';
import { floorTo } from './granularity.js';
import { keptSinceMs, smallestKept } from './keep.js';
import type { Kind } from './kinds.js';
import { dropNotes, takeLateHours } from './sql/lateRows.js';
import type { LateHour } from './sql/lateRows.js';
import { claimWatermark, moveWatermark } from './sql/watermarks.js';
import type { WatermarkRow } from './sql/watermarks.js';

/** What one transaction did. */
export interface StepOutcome {
  /** Groups of rows that were read. */
  readonly rows: number;
  readonly lateRows: number;
  readonly watermarkMs: number;
  /** Whether there is more to do. */
  readonly hasMore: boolean;
}

/** Hours of late rows that one transaction takes. */
const MAX_LATE_HOURS = 24;

/**
 * Moves the watermark of a kind by up to `windowMs`, and makes the buckets of late rows anew, in the transaction of `q`. Returns
 * `undefined` where another process is at it.
 *
 * Only what was committed is read, late rows are taken before the sources are, and the watermark moves with what is written: wherever the
 * process ends, and however the work is split, the buckets are those of the rows.
 *
 * @param settledMs all rows of earlier times are there, or are noted when they come
 */
export async function step(q: Queryable, kind: Kind, settledMs: number, windowMs: number): Promise<StepOutcome | undefined> {
  const [claimed] = await q.query<WatermarkRow>(claimWatermark, [kind.name]);
  if (claimed === undefined) return undefined;
  const settledMinuteMs = floorTo('minute', settledMs);
  const fromMs = beginning(claimed.rolled_up_to.getTime(), settledMinuteMs);
  const toMs = Math.min(settledMinuteMs, floorTo('minute', fromMs + windowMs));
  await q.query(dropNotes, [kind.name, new Date(fromMs), new Date(toMs)]);
  const late = await q.query<LateHour>(takeLateHours, [kind.name, new Date(fromMs), MAX_LATE_HOURS]);
  let rows = 0;
  let lateRows = 0;
  const options = { completeMs: toMs, minutesKeptMs: keptSinceMs('minute', settledMs) };
  if (toMs > fromMs) rows += await makeBuckets(q, kind, { fromMs, toMs }, options);
  const sealedMs = claimed.sealed_before instanceof Date ? claimed.sealed_before.getTime() : claimed.sealed_before;
  for (const range of lateRanges(late, fromMs, settledMs)) {
    // What is left of the rows there would make less of the buckets than they are.
    if (range.fromMs >= sealedMs) rows += await makeBuckets(q, kind, range, options);
  }
  for (const { rows: some } of late) lateRows += some;
  await q.query(moveWatermark, [kind.name, new Date(toMs), rows, lateRows]);
  return { rows, lateRows, watermarkMs: toMs, hasMore: toMs < settledMinuteMs || late.length === MAX_LATE_HOURS };
}

/** Where the database's clock has been put back, rows are written again at times that are rolled up already: begin there again. */
function beginning(rolledUpToMs: number, settledMs: number): number {
  return rolledUpToMs > settledMs ? floorTo('hour', settledMs) : rolledUpToMs;
}

/** The ranges before the watermark that have to be made anew: whole hours at least, joined where they meet. */
function lateRanges(late: readonly LateHour[], watermarkMs: number, nowMs: number): readonly Range[] {
  const ranges: { fromMs: number; toMs: number }[] = [];
  for (const { hour } of late) {
    const hourMs = hour.getTime();
    if (hourMs >= watermarkMs) continue;
    const { fromMs, toMs } = around(smallestKept(hourMs, nowMs) === 'day' ? 'day' : 'hour', hourMs);
    const last = ranges.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, Math.min(toMs, watermarkMs));
    else ranges.push({ fromMs, toMs: Math.min(toMs, watermarkMs) });
  }
  return ranges;
}
