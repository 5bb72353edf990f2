import { analyticsOperations } from '../../../telemetry/catalogue/analytics.js';
import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';
import { errorType } from '../../../telemetry/errorType.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ROLLUP_KIND, ATTR_HANDOFF_ROLLUP_ROWS } from '../../../telemetry/semconv.js';
import type { RollupDependencies } from './dependencies.js';
import { floorTo } from './granularity.js';
import { kinds } from './kinds.js';
import type { Kind } from './kinds.js';
import { settledBeforeMs } from './settled.js';
import { beginWatermark, firstTimes, isBegun } from './sql/watermarks.js';
import { step } from './step.js';
import { recordLag } from './recordLag.js';

/** How far a run goes at once. */
export interface RollUpLimits {
  /** No transaction begins later than this, in milliseconds from the start. Default: no limit. */
  readonly timeLimitMs?: number | undefined;
  /** Pause between two transactions in milliseconds, which leaves the database to others. Default 20. */
  readonly pauseMs?: number | undefined;
  /** Ends the run after the transaction at hand. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each transaction. */
  readonly onProgress?: ((progress: RollUpProgress) => void) | undefined;
}

export interface RollUpProgress {
  readonly kind: RollupKind;
  readonly watermark: Date;
  readonly settled: Date;
  readonly rows: number;
}

/** What a run did. */
export interface RollUpOutcome {
  readonly rows: number;
  readonly lateRows: number;
  /** Whether all kinds are up to date; `false` where a limit, an open transaction or another process ended the run. */
  readonly isComplete: boolean;
}

const FIRST_WINDOW_MS = 3_600_000;
const LONGEST_WINDOW_MS = 31 * 24 * 3_600_000;
const SHORTEST_WINDOW_MS = 60_000;
/** A transaction that reads fewer rows is followed by one of a longer window, one that reads more by one of a shorter. */
const FEW_ROWS = 3000;
const MANY_ROWS = 12_000;
const DEFAULT_PAUSE_MS = 20;

/**
 * Adds up what is new, kind by kind, until everything is up to date or a limit is reached. Any number of processes may do this at once: a
 * kind that another one is at is passed over.
 */
export function rollUp(deps: RollupDependencies, limits: RollUpLimits = {}): Promise<RollUpOutcome> {
  const startMs = deps.clock.monotonicMs();
  return asRoots(deps.observe)(analyticsOperations.rollUp.name, {}, async (scope) => {
    const settledMs = await settledBeforeMs(deps.database, deps.clock);
    const done = { rows: 0, lateRows: 0, isComplete: settledMs !== undefined };
    for (const kind of settledMs === undefined ? [] : kinds) {
      const mayGoOn = (): boolean =>
        limits.signal?.aborted !== true && deps.clock.monotonicMs() - startMs < (limits.timeLimitMs ?? Infinity);
      const { rows, lateRows, isComplete } = await timed(deps, kind, () => rollUpKind(deps, kind, settledMs ?? 0, limits, mayGoOn));
      done.rows += rows;
      done.lateRows += lateRows;
      done.isComplete &&= isComplete;
    }
    await recordLag(deps);
    scope.add({ [ATTR_HANDOFF_ROLLUP_ROWS]: done.rows });
    return done;
  });
}

async function rollUpKind(
  deps: RollupDependencies,
  kind: Kind,
  settledMs: number,
  { pauseMs = DEFAULT_PAUSE_MS, onProgress, signal }: RollUpLimits,
  mayGoOn: () => boolean,
): Promise<RollUpOutcome> {
  await begin(deps, kind, settledMs);
  const done = { rows: 0, lateRows: 0 };
  let windowMs = FIRST_WINDOW_MS;
  for (let hasMore = true; hasMore; ) {
    if (!mayGoOn()) return { ...done, isComplete: false };
    const outcome = await deps.database.transaction((q) => step(q, kind, settledMs, windowMs));
    if (outcome === undefined) return { ...done, isComplete: false };
    const { rows, lateRows, watermarkMs } = outcome;
    done.rows += rows;
    done.lateRows += lateRows;
    ({ hasMore } = outcome);
    onProgress?.({ kind: kind.name, watermark: new Date(watermarkMs), settled: new Date(settledMs), rows });
    if (rows < FEW_ROWS) windowMs = Math.min(LONGEST_WINDOW_MS, windowMs * 2);
    else if (rows > MANY_ROWS) windowMs = Math.max(SHORTEST_WINDOW_MS, windowMs / 2);
    if (hasMore && pauseMs > 0)
      await deps.clock.sleep(pauseMs, { unref: true, ...(signal === undefined ? {} : { signal }) }).catch(() => undefined);
  }
  return { ...done, isComplete: true };
}

/** The first time, everything that is there is new. Whole days, so that buckets of all sizes are made of whole ones. */
async function begin({ database }: RollupDependencies, kind: Kind, settledMs: number): Promise<void> {
  const [begun] = await database.query(isBegun, [kind.name]);
  if (begun !== undefined) return;
  const [first] = await database.query<Readonly<Record<RollupKind, Date | null>>>(firstTimes);
  const firstMs = Math.min(first?.[kind.name]?.getTime() ?? settledMs, settledMs);
  await database.query(beginWatermark, [kind.name, new Date(floorTo('day', firstMs))]);
}

async function timed(deps: RollupDependencies, kind: Kind, work: () => Promise<RollUpOutcome>): Promise<RollUpOutcome> {
  const attributes = { [ATTR_HANDOFF_ROLLUP_KIND]: kind.name };
  const startMs = deps.clock.monotonicMs();
  const recordDuration = (failure: object = {}): void =>
    deps.record.duration((deps.clock.monotonicMs() - startMs) / 1000, { ...attributes, ...failure });
  try {
    const outcome = await work();
    recordDuration();
    deps.record.rows(outcome.rows, attributes);
    deps.record.lateRows(outcome.lateRows, attributes);
    return outcome;
  } catch (error) {
    recordDuration({ [ATTR_ERROR_TYPE]: errorType(error) });
    throw error;
  }
}
