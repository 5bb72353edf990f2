import type { Statement } from '../../../storage/database.js';

/**
 * Takes the notes of rows that came late, of the first hours that have any. Whoever reads the sources afterwards sees these rows, and notes
 * that are written meanwhile stay. $1 kind, $2 time before which buckets are made, $3 maximum number of hours.
 */
export const takeLateHours: Statement = {
  name: 'handoff_take_late_hours',
  text: `
WITH hours AS (
  SELECT DISTINCT date_trunc('hour', at, 'UTC') AS hour FROM analytics_late_rows WHERE kind = $1 AND at < $2 ORDER BY 1 LIMIT $3::int
), taken AS (
  DELETE FROM analytics_late_rows l USING hours
  WHERE l.kind = $1 AND l.at >= hours.hour AND l.at < hours.hour + interval '1 hour' AND l.at < $2
  RETURNING hours.hour
)
SELECT hour, count(*)::int AS rows FROM taken GROUP BY hour ORDER BY hour`,
};

/** Forgets notes of a range that is about to be read for the first time: it is read whole. $1 kind, $2 start, $3 end. */
export const dropNotes: Statement = {
  name: 'handoff_drop_late_notes',
  text: 'DELETE FROM analytics_late_rows WHERE kind = $1 AND at >= $2 AND at < $3',
};

export interface LateHour {
  readonly hour: Date;
  readonly rows: number;
}

/**
 * Notes every hour of a range, so that it is made again: from the first that has anything on, and no further than what was rolled up. An
 * hour before would be looked at for nothing, and one of the future would wait, as a late row, until it has come. $1 kind, $2 start,
 * $3 end, $4 time of the first row of the kind, if there is one.
 */
export const noteRange: Statement = {
  name: 'handoff_note_range',
  text: `
WITH known AS (
  SELECT least($4::timestamptz, (SELECT min(time_bucket) FROM analytics_aggregations WHERE aggregation_type = $1),
    (SELECT min(at) FROM analytics_facts WHERE kind = $1)) AS since, rolled_up_to AS until
  FROM analytics_watermarks WHERE kind = $1
)
INSERT INTO analytics_late_rows (kind, at)
SELECT $1, hour FROM known, generate_series(date_trunc('hour', greatest($2::timestamptz, since), 'UTC'),
  least($3::timestamptz, until) - interval '1 microsecond', interval '1 hour') hour
WHERE since IS NOT NULL`,
};

/**
 * Before a session is erased: takes its facts away, and notes all times at which something of it is counted, so that these buckets are made
 * again without it. The triggers that keep facts are told to keep none, until the end of this transaction. $1 session id.
 */
export const forgetSession: Statement = {
  name: 'handoff_forget_session_facts',
  text: `
WITH facts AS (
  DELETE FROM analytics_facts WHERE session_id = $1::uuid RETURNING kind, at
), noted AS (
  INSERT INTO analytics_late_rows (kind, at)
  SELECT kind, at FROM (SELECT kind, at FROM facts
  UNION SELECT 'sessions', created_at FROM sessions WHERE id = $1::uuid
  UNION SELECT 'transitions', date_trunc('minute', created_at) FROM session_lifecycle WHERE session_id = $1::uuid
  UNION SELECT 'context', date_trunc('minute', created_at) FROM context_history WHERE session_id = $1::uuid
  UNION SELECT 'handoffs', created_at FROM handoff_requests WHERE session_id = $1::uuid
  UNION SELECT 'handoffs', COALESCE(answered_at, completed_at) FROM handoff_requests
    WHERE session_id = $1::uuid AND COALESCE(answered_at, completed_at) IS NOT NULL
  ) AS counted WHERE isfinite(at)
)
SELECT set_config('handoff.is_erasing', 'on', true) AS erasing`,
};
