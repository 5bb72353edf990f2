import { DetectorStateError } from '../../../errors/anomalyErrors.js';
import type { Queryable } from '../../storage/database.js';
import { createDetector } from '../anomalies/detector.js';
import type { Detector } from '../anomalies/detector.js';
import { readBuckets } from './buckets.js';
import { endOpen } from './endOpen.js';
import { episodesOf } from './episodesOf.js';
import type { Series } from './series.js';
import { adoptAnomaly, cutAnomalies, deleteLaterAnomalies } from './sql/anomalies.js';
import type { AnomalyRow } from './sql/anomalies.js';
import type { DetectorRow } from './sql/detectors.js';

export interface RestoredDetector {
  readonly detector: Detector;
  readonly restart: DetectorStateError | undefined;
  /** Anomalies that nobody follows any more. */
  readonly abandoned: readonly AnomalyRow[];
}

interface RestoreLimits {
  readonly fromMs: number;
  readonly keptSinceMs: number;
  readonly sensitivity: number;
  /** Whether it has judged what is still to come, so that nothing it knows is of any use. */
  readonly isAhead: boolean;
}

/** Returns the detector that was kept. One that cannot go on learns the buckets that are kept once more, and finds nothing in them. */
export async function detectorOf(
  q: Queryable,
  series: Series,
  { state, judged_to: judgedTo }: DetectorRow,
  { fromMs, keptSinceMs, sensitivity, isAhead }: RestoreLimits,
): Promise<RestoredDetector> {
  const detector = createDetector({ sensitivity });
  const learn = async (restart: DetectorStateError): Promise<RestoredDetector> => {
    const last = episodesOf(detector, await readBuckets(q, series, keptSinceMs, fromMs)).at(-1);
    if (last === undefined || last.endedAtMs !== undefined)
      return { detector, restart, abandoned: await endOpen(q, series, fromMs, 'restarted') };
    await q.query(adoptAnomaly, [series.kind, series.subject, new Date(last.detectedAtMs)]);
    return { detector, restart, abandoned: [] };
  };
  if (isAhead) {
    const forgotten = await forgetLater(q, series, fromMs);
    const learned = await learn(new DetectorStateError(`it is of ${judgedTo.toISOString()}, and nothing is rolled up until then`));
    return { ...learned, abandoned: [...forgotten, ...learned.abandoned] };
  }
  if (state.byteLength === 0) return { detector, restart: undefined, abandoned: await endOpen(q, series, fromMs, 'restarted') };
  try {
    detector.restore(state);
    return { detector, restart: undefined, abandoned: [] };
  } catch (error) {
    if (!(error instanceof DetectorStateError)) throw error;
    return learn(error);
  }
}

/**
 * Forgets what was found in a time that is still to come. Otherwise it would hide what is found there when that time has come. Returns what
 * was told to have begun and not to have ended.
 */
async function forgetLater(q: Queryable, { kind, subject }: Series, fromMs: number): Promise<readonly AnomalyRow[]> {
  const values = [kind, subject, new Date(fromMs)];
  const deleted = await q.query<AnomalyRow>(deleteLaterAnomalies, values);
  await q.query(cutAnomalies, values);
  return deleted.flatMap((row) => (row.ended_at === null ? [{ ...row, ended_at: row.started_at, end_cause: 'restarted' as const }] : []));
}
