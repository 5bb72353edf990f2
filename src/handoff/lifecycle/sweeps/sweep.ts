import type { SpanContext } from '@opentelemetry/api';
import { errorType } from '../../../telemetry/errorType.js';
import type { SweepName } from '../../../telemetry/catalogue/lifecycle.js';
import type { OperationName } from '../../../telemetry/catalogue/operations.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_HANDOFF_SWEEP_BATCHES,
  ATTR_HANDOFF_SWEEP_CHANGED,
  ATTR_HANDOFF_SWEEP_NAME,
  ATTR_HANDOFF_SWEEP_TAKEN,
} from '../../../telemetry/semconv.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { lastTraces } from './lastTraces.js';

/** How far a sweep goes at once. */
export interface SweepLimits {
  /** Sessions of one statement, 1 to 10000. Default 1000: larger batches hold their rows longer and are no faster. */
  readonly batchSize?: number | undefined;
  /** Default: until nothing is due. */
  readonly maxBatches?: number | undefined;
  /** No batch begins later than this, in milliseconds from the start. Default: no limit. */
  readonly timeLimitMs?: number | undefined;
  /** Pause between two batches in milliseconds, which leaves the database to others. Default 20. */
  readonly pauseMs?: number | undefined;
  /** Ends the sweep after the batch at hand. */
  readonly signal?: AbortSignal | undefined;
}

/** What a sweep did. */
export interface SweepOutcome {
  /** Sessions looked at. */
  readonly taken: number;
  /** Sessions changed. */
  readonly changed: number;
  readonly batches: number;
  /** Whether nothing was left that no other transaction held; `false` when a limit or the signal ended the sweep. */
  readonly isComplete: boolean;
}

export interface Batch {
  readonly taken: number;
  readonly changed: number;
  /** Whether another batch may find something. Default: whether this one was full. */
  readonly hasMore?: boolean;
  /** A few of the sessions that were changed: the sweep's span is linked to their last traces. */
  readonly someIds?: readonly string[] | null;
}

const DEFAULT_BATCH_SIZE = 1000;
const MAX_BATCH_SIZE = 10_000;
const DEFAULT_PAUSE_MS = 20;
/** Batches whose sessions are asked for their traces: a few links are enough, and an empty sweep must stay cheap. */
const MAX_LINK_TRIES = 2;

/** Runs batches one after the other, as one operation with a root span, until there is nothing more to do or a limit is reached. */
export async function runSweep(
  deps: LifecycleDependencies,
  names: { readonly operation: OperationName; readonly sweep: SweepName },
  limits: SweepLimits,
  batch: (size: number) => Promise<Batch>,
): Promise<SweepOutcome> {
  const startMs = deps.clock.monotonicMs();
  const attributes = { [ATTR_HANDOFF_SWEEP_NAME]: names.sweep };
  const recordDuration = (failure: object = {}): void =>
    deps.record.sweepDuration((deps.clock.monotonicMs() - startMs) / 1000, { ...attributes, ...failure });
  return asRoots(deps.observe)(names.operation, attributes, async (scope) => {
    const links: SpanContext[] = [];
    let linkTries = MAX_LINK_TRIES;
    try {
      const outcome = await runBatches(deps, limits, startMs, async (size) => {
        const done = await batch(size);
        deps.record.sweepBatch(done.taken, attributes);
        const ids = done.someIds ?? [];
        if (linkTries > 0 && ids.length > 0) {
          links.push(...(await lastTraces(deps, ids)));
          linkTries -= 1;
        }
        return done;
      });
      for (const link of links) scope.link(link);
      scope.add({
        [ATTR_HANDOFF_SWEEP_TAKEN]: outcome.taken,
        [ATTR_HANDOFF_SWEEP_CHANGED]: outcome.changed,
        [ATTR_HANDOFF_SWEEP_BATCHES]: outcome.batches,
      });
      recordDuration();
      return outcome;
    } catch (error) {
      recordDuration({ [ATTR_ERROR_TYPE]: errorType(error) });
      throw error;
    }
  });
}

async function runBatches(
  { clock }: LifecycleDependencies,
  limits: SweepLimits,
  startMs: number,
  batch: (size: number) => Promise<Batch>,
): Promise<SweepOutcome> {
  const { batchSize = DEFAULT_BATCH_SIZE, maxBatches = Infinity, timeLimitMs = Infinity, pauseMs = DEFAULT_PAUSE_MS, signal } = limits;
  const size = Math.min(MAX_BATCH_SIZE, Math.max(1, Math.floor(batchSize)));
  const mayGoOn = (batches: number): boolean =>
    signal?.aborted !== true && batches < maxBatches && clock.monotonicMs() - startMs < timeLimitMs;
  let taken = 0;
  let changed = 0;
  let batches = 0;
  let hasMore = true;
  while (hasMore && mayGoOn(batches)) {
    if (batches > 0) await pause(clock, pauseMs, signal);
    if (signal?.aborted === true) break;
    const done = await batch(size);
    batches += 1;
    taken += done.taken;
    changed += done.changed;
    hasMore = done.hasMore ?? done.taken >= size;
  }
  return { taken, changed, batches, isComplete: !hasMore };
}

/** Returns early, without an error, when the sweep is to end. */
async function pause(clock: LifecycleDependencies['clock'], pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (pauseMs <= 0) return;
  try {
    await clock.sleep(pauseMs, { unref: true, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
