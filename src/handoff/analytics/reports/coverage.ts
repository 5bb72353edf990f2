import type { Cover } from '../ranges/segments.js';
import type { WatermarkState } from '../rollups/sql/watermarks.js';

/** How much of the range an answer tells of. */
export interface Coverage {
  /** Share of the range that is rolled up, in percent. */
  readonly aggregatedPercent: number;
  /** Everything before is in the answer; `null` where nothing was ever rolled up. */
  readonly watermark: Date | null;
  /** What was read: wider than the range where minutes, or hours, of its time are no longer kept. */
  readonly start: Date;
  readonly end: Date;
  /** Rows that came late and are not yet in the answer, counted up to 10,000; of any time. */
  readonly lateRows: number;
}

const PERCENT = 100;

/** Of several kinds, the one that is furthest behind decides. */
export function coverageOf(
  { start, end }: { readonly start: Date; readonly end: Date },
  parts: readonly { readonly cover: Cover; readonly state: WatermarkState | undefined }[],
): Coverage {
  const toMs = Math.min(...parts.map(({ cover }) => cover.toMs));
  const fromMs = Math.min(...parts.map(({ cover }) => cover.fromMs));
  const watermarks = parts.map(({ state }) => state?.rolled_up_to.getTime());
  const covered = Math.max(0, Math.min(toMs, end.getTime()) - start.getTime());
  return {
    aggregatedPercent: (covered / (end.getTime() - start.getTime())) * PERCENT,
    watermark: watermarks.includes(undefined) ? null : new Date(Math.min(...watermarks.map((ms) => ms ?? 0))),
    start: new Date(fromMs),
    end: new Date(toMs),
    lateRows: Math.max(0, ...parts.map(({ state }) => state?.waiting ?? 0)),
  };
}
