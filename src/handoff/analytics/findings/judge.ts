import { DetectorStateError } from '../../../errors/anomalyErrors.js';
import type { Queryable } from '../../storage/database.js';
import { createDetector } from '../anomalies/detector.js';
import type { Detector } from '../anomalies/detector.js';
import type { Episode } from '../anomalies/episodes.js';
import { BUCKET_MS, readBuckets } from './buckets.js';
import type { Bucket } from './buckets.js';
import { valuesOf } from './episodeRow.js';
import type { EpisodeToKeep } from './episodeRow.js';
import { readEvidence } from './evidence.js';
import type { Series } from './series.js';
import { adoptAnomaly, endAnomalies, keepAnomaly } from './sql/anomalies.js';
import type { AnomalyRow, KeptAnomalyRow } from './sql/anomalies.js';
import { claimDetector, keepDetector } from './sql/detectors.js';
import type { DetectorRow } from './sql/detectors.js';

/** Buckets that one transaction judges: a day. */
const MAX_BUCKETS = 288;
/** An episode is over when nothing was measured for a day, where that is no anomaly itself. */
const NO_ROWS_MS = 86_400_000;

export interface JudgeLimits {
  /** Buckets that end later may change. */
  readonly settledMs: number;
  /** Buckets that begin earlier are no longer kept, and would look like times in which nothing happened. */
  readonly keptSinceMs: number;
  readonly sensitivity: number;
}

/** What one transaction did with one series. */
export interface Judgement {
  readonly buckets: number;
  readonly began: readonly AnomalyRow[];
  readonly ended: readonly AnomalyRow[];
  /** Why the detector began anew, if it did. */
  readonly restart: DetectorStateError | undefined;
  readonly hasMore: boolean;
}

/**
 * Judges the next buckets of a series, each once and in order, in the transaction of `q`: the position, what the detector knows and what it
 * found are kept together, so that wherever a process ends, the next one goes on as if nothing had happened. Returns `undefined` where
 * another process is at it.
 */
export async function judge(q: Queryable, series: Series, limits: JudgeLimits): Promise<Judgement | undefined> {
  const [claimed] = await q.query<DetectorRow>(claimDetector, [series.kind, series.subject]);
  if (claimed === undefined) return undefined;
  const fromMs = Math.max(claimed.judged_to.getTime(), limits.keptSinceMs);
  const mostMs = Math.min(limits.settledMs, fromMs + MAX_BUCKETS * BUCKET_MS);
  if (mostMs <= fromMs) return { buckets: 0, began: [], ended: [], restart: undefined, hasMore: false };
  const { detector, restart, abandoned } = await detectorOf(q, series, claimed.state, { ...limits, fromMs });
  const { buckets, toMs } = untilBack(await readBuckets(q, series, fromMs, mostMs), mostMs, claimed.last_bucket_at?.getTime());
  const kept = await keepAll(q, series, episodesOf(detector, buckets), toMs);
  const lastBucketAtMs = buckets.findLast(({ isLeftOut }) => !isLeftOut)?.atMs ?? claimed.last_bucket_at?.getTime() ?? fromMs;
  const isSilent = toMs - lastBucketAtMs > NO_ROWS_MS;
  // Otherwise what comes after the silence would go on with an anomaly that is told to be over, and nobody would hear of it.
  if (isSilent) detector.endEpisode();
  const silent = isSilent ? await end(q, series, lastBucketAtMs, 'no_rows') : [];
  await q.query(keepDetector, [series.kind, series.subject, new Date(toMs), detector.state(), new Date(lastBucketAtMs)]);
  return {
    buckets: buckets.length,
    began: kept.filter(({ is_new: isNew }) => isNew),
    ended: [...abandoned, ...kept.filter(({ ended_at: endedAt }) => endedAt !== null), ...silent],
    restart,
    hasMore: toMs < limits.settledMs,
  };
}

/**
 * Leaves what comes after a day of nothing to the next transaction, so that an anomaly before it ends, however many buckets are judged at
 * once.
 */
function untilBack(
  buckets: readonly Bucket[],
  toMs: number,
  lastBucketAtMs: number | undefined,
): { readonly buckets: readonly Bucket[]; readonly toMs: number } {
  let lastAtMs = lastBucketAtMs ?? Infinity;
  for (const [index, { atMs, isLeftOut }] of buckets.entries()) {
    if (isLeftOut) continue;
    if (index > 0 && atMs - lastAtMs > NO_ROWS_MS) return { buckets: buckets.slice(0, index), toMs: atMs };
    lastAtMs = atMs;
  }
  return { buckets, toMs };
}

interface RestoredDetector {
  readonly detector: Detector;
  readonly restart: DetectorStateError | undefined;
  /** Anomalies that nobody follows any more. */
  readonly abandoned: readonly AnomalyRow[];
}

/** A detector that cannot go on learns the buckets that are kept once more, and finds nothing in them. */
async function detectorOf(
  q: Queryable,
  series: Series,
  state: Uint8Array,
  { fromMs, keptSinceMs, sensitivity }: JudgeLimits & { readonly fromMs: number },
): Promise<RestoredDetector> {
  const detector = createDetector({ sensitivity });
  if (state.byteLength === 0) return { detector, restart: undefined, abandoned: await end(q, series, fromMs, 'restarted') };
  try {
    detector.restore(state);
    return { detector, restart: undefined, abandoned: [] };
  } catch (error) {
    if (!(error instanceof DetectorStateError)) throw error;
    const last = episodesOf(detector, await readBuckets(q, series, keptSinceMs, fromMs)).at(-1);
    if (last === undefined || last.endedAtMs !== undefined)
      return { detector, restart: error, abandoned: await end(q, series, fromMs, 'restarted') };
    await q.query(adoptAnomaly, [series.kind, series.subject, new Date(last.detectedAtMs)]);
    return { detector, restart: error, abandoned: [] };
  }
}

/** Gives the detector what is there, and returns the episodes that it saw, as they are after the last bucket. */
function episodesOf(detector: Detector, buckets: readonly Bucket[]): readonly Episode[] {
  const episodes = new Map<number, Episode>();
  for (const { atMs, value, isLeftOut } of buckets) {
    if (isLeftOut) continue;
    const { episode } = detector.observe(atMs, value ?? Number.NaN);
    if (episode !== undefined) episodes.set(episode.detectedAtMs, episode);
  }
  return [...episodes.values()];
}

async function keepAll(q: Queryable, series: Series, episodes: readonly Episode[], judgedToMs: number): Promise<readonly KeptAnomalyRow[]> {
  const kept: KeptAnomalyRow[] = [];
  for (const episode of episodes) {
    const { endedAtMs } = episode;
    const toKeep: EpisodeToKeep = {
      episode,
      ...(endedAtMs === undefined ? {} : { ended: { atMs: endedAtMs + BUCKET_MS, cause: 'recovered' } }),
      ...(await readEvidence(q, series, episode, judgedToMs)),
    };
    kept.push(...(await q.query<KeptAnomalyRow>(keepAnomaly, valuesOf(series, toKeep))));
  }
  return kept;
}

function end(q: Queryable, { kind, subject }: Series, atMs: number, cause: NonNullable<AnomalyRow['end_cause']>): Promise<AnomalyRow[]> {
  return q.query<AnomalyRow>(endAnomalies, [kind, subject, new Date(atMs), cause]);
}
