import type { Statement } from '../../storage/database.js';

const PAGE_ROWS = 10_000;
const PAGE_BYTES = 32 * 1024 * 1024;

/**
 * Deletes the next entries of a session, in the order of their numbers: as many as 10,000, 32 megabytes or one. `last` is the number of the
 * last one, and NULL when there are no more. It goes on behind that number, because the first ones stay in the index until the commit.
 *
 * $1 session id, $2 number of the last entry that is deleted.
 */
export const deleteEntries: Statement = {
  name: 'handoff_delete_entries',
  text: `
WITH page AS (
  SELECT max(number) AS last FROM (
    SELECT number, sum(bytes) OVER (ORDER BY number ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before FROM (
      SELECT h.sequence_number AS number, pg_column_size(h.content) AS bytes FROM context_history h
      WHERE h.session_id = $1::uuid AND h.sequence_number > $2::int ORDER BY h.sequence_number LIMIT ${PAGE_ROWS}
    ) AS some_entries
  ) AS measured WHERE bytes_before < ${PAGE_BYTES}
), gone AS (
  DELETE FROM context_history h USING page
  WHERE h.session_id = $1::uuid AND h.sequence_number > $2::int AND h.sequence_number <= page.last
  RETURNING 1
)
SELECT (SELECT last FROM page) AS last, (SELECT count(*) FROM gone)::int AS deleted`,
};

export interface DeletedEntriesRow {
  readonly last: number | null;
  readonly deleted: number;
}
