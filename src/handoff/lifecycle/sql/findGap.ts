import type { Statement } from '../../storage/database.js';

/**
 * Looks for a gap in the next part of one session's numbers, and writes a lifecycle event `corrupt` where there is one that has none yet.
 *
 * `next` continues after the part; NULL where the session has no more, or a gap, after which nothing more is to be found out. Run it
 * only while the sweep's position is claimed, like `findProblems`.
 *
 * $1 session id, $2 number up to which there is no gap, $3 maximum number of entries, $4 event data.
 */
export const findGap: Statement = {
  name: 'handoff_find_gap',
  text: `
WITH part AS (
  SELECT count(*) AS many, max(sequence_number) AS last,
    min(sequence_number) <> $2::int + 1 OR max(sequence_number) <> $2::int + count(*) AS has_gap
  FROM (
    SELECT sequence_number FROM context_history WHERE session_id = $1::uuid AND sequence_number > $2::int ORDER BY sequence_number LIMIT $3::int
  ) AS some_entries
), found AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT $1::uuid, 'corrupt', $4::jsonb || '{"problem": "sequence_gap"}' FROM part
  WHERE has_gap AND NOT EXISTS (
    SELECT FROM session_lifecycle l
    WHERE l.session_id = $1::uuid AND l.event_type = 'corrupt' AND l.event_data ->> 'problem' = 'sequence_gap')
  RETURNING event_data ->> 'problem' AS problem
)
SELECT CASE WHEN many = $3::int AND NOT has_gap THEN last END AS next, ARRAY(SELECT problem FROM found) AS problems FROM part`,
};

export interface GapRow {
  readonly next: number | null;
  readonly problems: readonly string[];
}
