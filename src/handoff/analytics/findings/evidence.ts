import type { Queryable } from '../../storage/database.js';
import { QUIET_ROWS } from '../anomalies/episodes.js';
import type { Episode } from '../anomalies/episodes.js';
import { BUCKET_MS, readBuckets } from './buckets.js';
import type { Series } from './series.js';
import type { EvidenceRow } from './sql/anomalies.js';
import { readTraces } from './sql/series.js';

/** Buckets before the first unusual one, and in all. */
const BUCKETS_BEFORE = 6;
const MAX_BUCKETS = 24;
const MAX_TRACES = 5;

export interface Evidence {
  readonly evidence: readonly EvidenceRow[];
  readonly traces: readonly string[];
}

/** What shows that an episode happened: the buckets around its beginning, and calls within it. Bounded, however long it lasts. */
export async function readEvidence(
  q: Queryable,
  series: Series,
  { startedAtMs, endedAtMs }: Episode,
  judgedToMs: number,
): Promise<Evidence> {
  // The end is known that much later; whoever reads it then, and in whatever steps, reads the same.
  const toMs = endedAtMs === undefined ? judgedToMs : endedAtMs + QUIET_ROWS * BUCKET_MS;
  const fromMs = startedAtMs - BUCKETS_BEFORE * BUCKET_MS;
  const buckets = await readBuckets(q, series, fromMs, Math.min(toMs, fromMs + MAX_BUCKETS * BUCKET_MS));
  const evidence = buckets.map(({ atMs, value, count }) => ({ at: new Date(atMs).toISOString(), value: value ?? null, count }));
  return { evidence, traces: await tracesOf(q, series, startedAtMs, toMs) };
}

async function tracesOf(q: Queryable, { calls }: Series, fromMs: number, toMs: number): Promise<readonly string[]> {
  if (calls === undefined) return [];
  const values = [calls.operations, calls.outcome, new Date(fromMs), new Date(toMs), MAX_TRACES];
  return (await q.query<{ readonly traceparent: string }>(readTraces, values)).map(({ traceparent }) => traceparent);
}
