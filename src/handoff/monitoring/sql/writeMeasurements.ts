import type { Statement } from '../../storage/database.js';

/**
 * Writes what one interval measured, once: a batch whose id is there already adds nothing, because nobody knows what became of a statement
 * whose connection broke. $1 id of the batch, $2 rows of performance_logs, $3 rows of system_metrics (one at least), $4 age of the interval
 * in milliseconds. Times are the database's, less the age of each item.
 *
 * The session of a row is left out where it was erased meanwhile.
 */
export const writeMeasurements: Statement = {
  name: 'handoff_write_measurements',
  text: `
WITH fresh AS (
  SELECT 1 WHERE NOT EXISTS (SELECT FROM system_metrics WHERE id = $1::uuid AND recorded_at > now() - interval '1 day')
), performance AS (
  INSERT INTO performance_logs (operation, duration_ms, success, session_id, metadata, created_at)
  SELECT item.operation, item.duration_ms, item.success, (SELECT s.id FROM sessions s WHERE s.id = item.session_id), item.metadata,
    now() - make_interval(secs => item.age_ms / 1000)
  FROM fresh, jsonb_to_recordset($2::jsonb)
    AS item (operation text, duration_ms float8, success boolean, session_id uuid, metadata jsonb, age_ms float8)
)
INSERT INTO system_metrics (id, metric_name, metric_value, metric_type, labels, recorded_at)
SELECT CASE WHEN item.first THEN $1::uuid ELSE gen_random_uuid() END, item.name, item.value, item.type, item.labels,
  now() - make_interval(secs => $4::float8 / 1000)
FROM fresh, jsonb_to_recordset($3::jsonb) AS item (first boolean, name text, value numeric, type text, labels jsonb)`,
};
