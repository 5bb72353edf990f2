import type { Statement } from '../../storage/database.js';

/**
 * Looks at a page of sessions, by id, and writes a lifecycle event `corrupt` for each problem that has none yet. What it finds it
 * leaves as it is, but for the dormancy of sessions that have ended, which an earlier server left behind and which means nothing.
 *
 * Only the first entries of a session are looked at: a page of the largest ones must not take longer than a statement may. `long_ids`
 * are those that may have more, and no gap so far; `findGap` goes on with them.
 *
 * `next_id` continues after the page and is NULL where there was none. Two of these at once would both write an event: run it only
 * while the sweep's position is claimed.
 *
 * $1 session id before the page, $2 maximum number of sessions, $3 event data, an object that is the same for all, $4 maximum number of
 * entries of each.
 */
export const findProblems: Statement = {
  name: 'handoff_find_problems',
  text: `
WITH page AS (
  SELECT id, status, is_dormant, archived_at FROM sessions WHERE id > $1::uuid ORDER BY id LIMIT $2::int
), entries AS (
  SELECT page.id, counted.* FROM page CROSS JOIN LATERAL (
    SELECT count(*) AS many, min(sequence_number) AS first, max(sequence_number) AS last
    FROM (SELECT sequence_number FROM context_history h WHERE h.session_id = page.id ORDER BY sequence_number LIMIT $4::int) AS some_entries
  ) AS counted
  WHERE counted.many > 0
), problems AS (
  SELECT id, 'unknown_status' AS problem FROM page WHERE status NOT IN ('active', 'completed', 'expired', 'cancelled')
  UNION ALL
  SELECT page.id, 'archived_twice' FROM page JOIN entries USING (id) JOIN session_archives a ON a.session_id = page.id
  UNION ALL
  SELECT id, 'sequence_gap' FROM entries WHERE first <> 1 OR last <> many
), found AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'corrupt', $3::jsonb || jsonb_build_object('problem', problem) FROM problems
  WHERE NOT EXISTS (
    SELECT FROM session_lifecycle l
    WHERE l.session_id = problems.id AND l.event_type = 'corrupt' AND l.event_data ->> 'problem' = problems.problem)
  RETURNING event_data ->> 'problem' AS problem
), cleared AS (
  UPDATE sessions SET is_dormant = false
  WHERE id IN (SELECT id FROM page WHERE is_dormant AND status <> 'active' AND archived_at IS NULL)
    AND is_dormant AND status <> 'active' AND archived_at IS NULL
)
SELECT (SELECT count(*)::int FROM page) AS taken,
  (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS next_id,
  ARRAY(SELECT problem FROM found) AS problems,
  ARRAY(SELECT id::text FROM entries WHERE many = $4::int AND first = 1 AND last = many ORDER BY id) AS long_ids`,
};

export interface ProblemsRow {
  readonly taken: number;
  readonly next_id: string | null;
  readonly problems: readonly string[];
  readonly long_ids: readonly string[];
}
