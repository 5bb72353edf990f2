import type { DetectorStateError } from '../../../errors/anomalyErrors.js';
import type { Queryable } from '../../storage/database.js';
import type { Episode } from '../anomalies/episodes.js';
import { BUCKET_MS, isAheadOf, readBuckets } from './buckets.js';
import type { Bucket, SettledTime } from './buckets.js';
import { detectorOf } from './detectorOf.js';
import { endOpen } from './endOpen.js';
import { valuesOf } from './episodeRow.js';
import type { EpisodeToKeep } from './episodeRow.js';
import { episodesOf } from './episodesOf.js';
import { readEvidence } from './evidence.js';
import type { Series } from './series.js';
import { keepAnomaly } from './sql/anomalies.js';
import type { AnomalyRow, KeptAnomalyRow } from './sql/anomalies.js';
import { claimDetector, keepDetector } from './sql/detectors.js';
import type { DetectorRow } from './sql/detectors.js';
import { settledBuckets } from './watched.js';

/** Buckets that one transaction judges: a day. */
const MAX_BUCKETS = 288;
/** An episode is over when nothing was measured for a day, where that is no anomaly itself. */
const NO_ROWS_MS = 86_400_000;

export interface JudgeLimits extends SettledTime {
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
  const isAhead = await isAheadNow(q, series, claimed.judged_to, limits);
  const fromMs = isAhead ? limits.settledMs : Math.max(claimed.judged_to.getTime(), limits.keptSinceMs);
  const mostMs = Math.min(limits.settledMs, fromMs + MAX_BUCKETS * BUCKET_MS);
  if (mostMs <= fromMs && !isAhead) return { buckets: 0, began: [], ended: [], restart: undefined, hasMore: false };
  const { detector, restart, abandoned } = await detectorOf(q, series, claimed, { ...limits, fromMs, isAhead });
  const lastKnownAtMs = isAhead ? undefined : claimed.last_bucket_at?.getTime();
  const { buckets, toMs } = untilBack(await readBuckets(q, series, fromMs, mostMs), mostMs, lastKnownAtMs);
  const kept = await keepAll(q, series, episodesOf(detector, buckets), toMs);
  const lastBucketAtMs = buckets.findLast(({ isLeftOut }) => !isLeftOut)?.atMs ?? lastKnownAtMs ?? fromMs;
  const isSilent = toMs - lastBucketAtMs > NO_ROWS_MS;
  // Otherwise what comes after the silence would go on with an anomaly that is told to be over, and nobody would hear of it.
  if (isSilent) detector.endEpisode();
  const silent = isSilent ? await endOpen(q, series, lastBucketAtMs, 'no_rows') : [];
  await q.query(keepDetector, [series.kind, series.subject, new Date(toMs), detector.state(), new Date(lastBucketAtMs)]);
  return {
    buckets: buckets.length,
    began: kept.filter(({ is_new: isNew }) => isNew),
    ended: [...abandoned, ...kept.filter(({ ended_at: endedAt }) => endedAt !== null), ...silent],
    restart,
    hasMore: toMs < limits.settledMs,
  };
}

async function isAheadNow(q: Queryable, { source }: Series, judgedTo: Date, limits: SettledTime): Promise<boolean> {
  if (!isAheadOf(judgedTo, limits)) return false;
  // Since the limits were read, another process may have rolled up more, and judged it.
  const time = (await settledBuckets(q)).get(source.kind);
  return time !== undefined && isAheadOf(judgedTo, time);
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
