import type { Queryable } from '../../storage/database.js';
import { around, makeBuckets } from './cascade.js';
import type { Range } from './cascade.js';
import { ceilTo, floorTo } from './granularity.js';
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
 * @param settledMs all rows of earlier times are there, or are noted when they come. It may be before the watermark, while transactions are
 *   open that began long ago: then only late rows are looked at.
 */
export async function step(q: Queryable, kind: Kind, settledMs: number, windowMs: number): Promise<StepOutcome | undefined> {
  const [claimed] = await q.query<WatermarkRow>(claimWatermark, [kind.name]);
  if (claimed === undefined) return undefined;
  const settledMinuteMs = floorTo('minute', settledMs);
  const fromMs = beginning(claimed, settledMinuteMs);
  const toMs = Math.max(fromMs, Math.min(settledMinuteMs, floorTo('minute', fromMs + windowMs)));
  await q.query(dropNotes, [kind.name, new Date(fromMs), new Date(toMs)]);
  const late = await q.query<LateHour>(takeLateHours, [kind.name, new Date(fromMs), MAX_LATE_HOURS]);
  let rows = 0;
  let lateRows = 0;
  const nowMs = Math.max(settledMs, fromMs);
  const options = { completeMs: toMs, minutesKeptMs: keptSinceMs('minute', nowMs) };
  // What is left of the rows before would make less of the buckets than they are.
  const sealedMs = Number(claimed.sealed_before);
  const newFromMs = Math.max(fromMs, ceilTo('minute', sealedMs));
  if (toMs > newFromMs) rows += await makeBuckets(q, kind, { fromMs: newFromMs, toMs }, options);
  for (const range of lateRanges(late, { fromMs: sealedMs, toMs: fromMs }, nowMs)) rows += await makeBuckets(q, kind, range, options);
  for (const { rows: some } of late) lateRows += some;
  await q.query(moveWatermark, [kind.name, new Date(toMs), rows, lateRows]);
  return { rows, lateRows, watermarkMs: toMs, hasMore: toMs < settledMinuteMs || late.length === MAX_LATE_HOURS };
}

/**
 * Where the database's clock has been put back, rows are written again at times that are rolled up already: begin there again. Only the
 * clock itself tells: what is settled may be long ago by a clock that is right.
 */
function beginning({ rolled_up_to: rolledUpTo, now }: WatermarkRow, settledMs: number): number {
  const rolledUpToMs = rolledUpTo.getTime();
  return now.getTime() < rolledUpToMs ? floorTo('hour', Math.min(settledMs, rolledUpToMs)) : rolledUpToMs;
}

/** The ranges within `known` that have to be made anew: whole hours at least, joined where they meet. */
function lateRanges(late: readonly LateHour[], known: Range, nowMs: number): readonly Range[] {
  const ranges: { fromMs: number; toMs: number }[] = [];
  for (const { hour } of late) {
    const hourMs = hour.getTime();
    const { fromMs, toMs } = around(smallestKept(hourMs, nowMs) === 'day' ? 'day' : 'hour', hourMs);
    // Each by itself: of hours that meet, some may be before the known ones.
    if (hourMs >= known.toMs || fromMs < known.fromMs) continue;
    const last = ranges.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, Math.min(toMs, known.toMs));
    else ranges.push({ fromMs, toMs: Math.min(toMs, known.toMs) });
  }
  return ranges;
}
