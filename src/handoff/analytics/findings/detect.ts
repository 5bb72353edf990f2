import { anomalyOperations } from '../../../telemetry/catalogue/anomalies.js';
import { errorType } from '../../../telemetry/errorType.js';
import type { OperationScope } from '../../../telemetry/observe.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ANOMALY_BUCKETS, ATTR_HANDOFF_ANOMALY_COUNT } from '../../../telemetry/semconv.js';
import { parseTraceparent } from '../../../telemetry/traceparent.js';
import { keptSinceMs } from '../rollups/keep.js';
import type { AnomalyDependencies } from './dependencies.js';
import { judge } from './judge.js';
import type { Judgement } from './judge.js';
import { recordAnomalies } from './recordAnomalies.js';
import { tell } from './reports.js';
import type { Series } from './series.js';
import { endAnomalies, pruneAnomalies } from './sql/anomalies.js';
import type { AnomalyRow } from './sql/anomalies.js';
import { dropDetector } from './sql/detectors.js';
import { settledBuckets, watchedSeries } from './watched.js';
import type { Settled } from './watched.js';

/** How far a run goes at once. */
export interface DetectionLimits {
  /** No transaction begins later than this, in milliseconds from the start. Default: no limit. */
  readonly timeLimitMs?: number | undefined;
  /** Ends the run after the transaction at hand. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run did. */
export interface DetectionOutcome {
  /** Buckets judged, of all series together. */
  readonly buckets: number;
  readonly began: number;
  readonly ended: number;
  /** Whether everything that is settled is judged; `false` where a limit ended the run, or another process is at it. */
  readonly isComplete: boolean;
}

/** For how long anomalies are kept after they have ended, and how many. */
const KEPT_DAYS = 400;
const MAX_KEPT = 5000;
const NOTHING_SETTLED = { settledMs: -Infinity, watermarkMs: Infinity };
/** A span has a few links, however much was found. */
const MAX_LINKS = 32;

/**
 * Judges what is new of all watched series. Any number of processes may do this at once: a series that another one is at is passed over,
 * and each bucket is judged once.
 */
export function detect(deps: AnomalyDependencies, limits: DetectionLimits = {}): Promise<DetectionOutcome> {
  return asRoots(deps.observe)(anomalyOperations.detect.name, {}, async (scope) => {
    const startMs = deps.clock.monotonicMs();
    const mayGoOn = (): boolean => limits.signal?.aborted !== true && deps.clock.monotonicMs() - startMs < (limits.timeLimitMs ?? Infinity);
    const recordDuration = (failure: object = {}): void =>
      deps.record.duration((deps.clock.monotonicMs() - startMs) / 1000, { ...failure });
    try {
      const outcome = await detectAll(deps, scope, mayGoOn);
      scope.add({ [ATTR_HANDOFF_ANOMALY_BUCKETS]: outcome.buckets, [ATTR_HANDOFF_ANOMALY_COUNT]: outcome.began });
      if (outcome.buckets > 0) recordDuration();
      return outcome;
    } catch (error) {
      recordDuration({ [ATTR_ERROR_TYPE]: errorType(error) });
      throw error;
    }
  });
}

async function detectAll(deps: AnomalyDependencies, scope: OperationScope, mayGoOn: () => boolean): Promise<DetectionOutcome> {
  const settled = await settledBuckets(deps.database);
  const { due, dropped } = await watchedSeries(deps.database, settled);
  const done = { buckets: 0, began: 0, ended: 0, isComplete: true };
  const links = new Set<string>();
  const add = (series: Series, judgement: Judgement): void => {
    tell(deps, series, judgement);
    done.buckets += judgement.buckets;
    done.began += judgement.began.length;
    done.ended += judgement.ended.length;
    for (const { traces } of judgement.began) for (const trace of traces) if (links.size < MAX_LINKS) links.add(trace);
  };
  for (const series of due) {
    for (let hasMore = true; hasMore; ) {
      const judgement = mayGoOn() ? await judgeNext(deps, series, settled) : undefined;
      if (judgement !== undefined) add(series, judgement);
      else done.isComplete = false;
      hasMore = judgement?.hasMore === true;
    }
  }
  for (const series of dropped) done.ended += await drop(deps, series);
  if (due.length > 0) {
    await deps.database.query(pruneAnomalies, [KEPT_DAYS, MAX_KEPT]);
    await recordAnomalies(deps);
  }
  for (const link of links) {
    const span = parseTraceparent(link);
    if (span !== undefined) scope.link(span);
  }
  return done;
}

function judgeNext({ database, sensitivity }: AnomalyDependencies, series: Series, settled: Settled): Promise<Judgement | undefined> {
  const time = settled.get(series.source.kind) ?? NOTHING_SETTLED;
  const limits = { ...time, keptSinceMs: keptSinceMs('minute', time.settledMs), sensitivity: sensitivity() };
  return database.transaction((q) => judge(q, series, limits));
}

/** What is no longer watched has no end that anybody will see. Resolves with how many anomalies ended by that. */
async function drop(deps: AnomalyDependencies, { kind, subject }: { readonly kind: string; readonly subject: string }): Promise<number> {
  const ended = await deps.database.transaction(async (q) => {
    const rows = await q.query<AnomalyRow>(endAnomalies, [kind, subject, null, 'not_watched']);
    await q.query(dropDetector, [kind, subject]);
    return rows;
  });
  tell(deps, { kind, subject }, { buckets: 0, began: [], ended, restart: undefined });
  return ended.length;
}
