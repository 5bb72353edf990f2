import type { Statement } from '../../../storage/database.js';
import type { AnomalyKind, AnomalySeverity } from '../../../../telemetry/catalogue/anomalies.js';

const COLUMNS = `id, kind, subject, started_at, detected_at, ended_at, end_cause, severity, direction, peak_at, observed, expected,
  expected_low, expected_high, evidence, traces`;

/** Why an episode is over. */
export type EndCause = 'recovered' | 'no_rows' | 'restarted' | 'not_watched';

/** `unsteady`: the mean is as expected, and the values vary or change as they never did. */
export type Direction = 'above' | 'below' | 'unsteady' | 'missing';

export interface EvidenceRow {
  /** Start of the bucket, in ISO 8601. */
  readonly at: string;
  readonly value: number | null;
  readonly count: number;
}

export interface AnomalyRow {
  readonly id: string;
  readonly kind: AnomalyKind;
  readonly subject: string;
  readonly started_at: Date;
  readonly detected_at: Date;
  readonly ended_at: Date | null;
  readonly end_cause: EndCause | null;
  readonly severity: AnomalySeverity;
  readonly direction: Direction;
  readonly peak_at: Date;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly expected_low: number | null;
  readonly expected_high: number | null;
  readonly evidence: readonly EvidenceRow[];
  readonly traces: readonly string[];
}

/**
 * Keeps an episode: a new row, or what is known now of one that has not ended. An episode that has ended stays as it is, and no row is
 * returned; nor does a detector that learns old times again find twice what was found then.
 *
 * $1 and $2 series, $3 detected, $4 started, $5 ended, $6 cause, $7 severity, $8 direction, $9 score, $10 time of the peak, $11 observed,
 * $12 to $14 expected and its band, $15 evidence, $16 traces.
 */
export const keepAnomaly: Statement = {
  name: 'handoff_keep_anomaly',
  text: `
INSERT INTO analytics_anomalies AS a (kind, subject, detected_at, started_at, ended_at, end_cause, severity, direction, score, peak_at, observed,
  expected, expected_low, expected_high, evidence, traces)
SELECT $1::text, $2::text, $3::timestamptz, $4::timestamptz, $5::timestamptz, $6::text, $7::text, $8::text, $9::float8, $10::timestamptz, $11::float8, $12::float8, $13::float8,
  $14::float8, $15::jsonb, $16::text[]
WHERE NOT EXISTS (
  SELECT FROM analytics_anomalies o
  WHERE o.kind = $1::text AND o.subject = $2::text AND o.detected_at <> $3::timestamptz
    AND o.started_at <= COALESCE($5::timestamptz, 'infinity') AND COALESCE(o.ended_at, 'infinity') >= $4::timestamptz)
ON CONFLICT (kind, subject, detected_at) DO UPDATE SET ended_at = EXCLUDED.ended_at, end_cause = EXCLUDED.end_cause,
  severity = EXCLUDED.severity, direction = EXCLUDED.direction, score = EXCLUDED.score, peak_at = EXCLUDED.peak_at, observed = EXCLUDED.observed,
  expected = EXCLUDED.expected, expected_low = EXCLUDED.expected_low, expected_high = EXCLUDED.expected_high, evidence = EXCLUDED.evidence,
  traces = EXCLUDED.traces
WHERE a.ended_at IS NULL
RETURNING a.xmax = 0 AS is_new, ${COLUMNS}`,
};

export interface KeptAnomalyRow extends AnomalyRow {
  readonly is_new: boolean;
}

/** Goes on with what is open of a series as an episode that was detected at another time. $1 kind, $2 subject, $3 time. */
export const adoptAnomaly: Statement = {
  name: 'handoff_adopt_anomaly',
  text: `
UPDATE analytics_anomalies a SET detected_at = $3
WHERE kind = $1 AND subject = $2 AND ended_at IS NULL AND NOT EXISTS (
  SELECT FROM analytics_anomalies o WHERE o.kind = $1 AND o.subject = $2 AND o.detected_at = $3)`,
};

/** Deletes what begins at a time or later. $1 kind, $2 subject, $3 time. */
export const deleteLaterAnomalies: Statement = {
  name: 'handoff_delete_later_anomalies',
  text: `
DELETE FROM analytics_anomalies WHERE kind = $1 AND subject = $2 AND started_at >= $3
RETURNING ${COLUMNS}`,
};

/** Ends at a time what ended later. $1 kind, $2 subject, $3 time. */
export const cutAnomalies: Statement = {
  name: 'handoff_cut_anomalies',
  text: 'UPDATE analytics_anomalies SET ended_at = $3 WHERE kind = $1 AND subject = $2 AND ended_at > $3',
};

/** Ends what is open of a series. $1 kind, $2 subject, $3 time (NULL: now), $4 cause. */
export const endAnomalies: Statement = {
  name: 'handoff_end_anomalies',
  text: `
UPDATE analytics_anomalies SET ended_at = GREATEST(started_at, COALESCE($3, now())), end_cause = $4
WHERE kind = $1 AND subject = $2 AND ended_at IS NULL
RETURNING ${COLUMNS}`,
};

/** What is open, and what ended after a time or began after it; the newest first. $1 time, $2 maximum. */
export const listAnomalies: Statement = {
  name: 'handoff_list_anomalies',
  text: `
SELECT ${COLUMNS} FROM analytics_anomalies
WHERE ended_at IS NULL OR ended_at >= $1
ORDER BY ended_at IS NOT NULL, started_at DESC, id
LIMIT $2::int`,
};

export const countOpen: Statement = {
  name: 'handoff_count_open_anomalies',
  text: 'SELECT kind, severity, count(*)::int AS n FROM analytics_anomalies WHERE ended_at IS NULL GROUP BY kind, severity',
};

/** Deletes what ended long ago, and the oldest of what is more than is kept. $1 days, $2 maximum number of rows. */
export const pruneAnomalies: Statement = {
  name: 'handoff_prune_anomalies',
  text: `
DELETE FROM analytics_anomalies WHERE ended_at < now() - make_interval(days => $1::int) OR id IN (
  SELECT id FROM analytics_anomalies WHERE ended_at IS NOT NULL ORDER BY started_at DESC OFFSET $2::int)`,
};
