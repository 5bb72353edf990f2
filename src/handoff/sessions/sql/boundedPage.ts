/** Parts of a statement that reads a page limited by rows and by bytes. All of them are our own text, never a caller's. */
export interface BoundedPage {
  /** A common table expression to run besides, which selects nothing. Default none. */
  readonly first?: string;
  /** Rows after a position, in order and at most `limit`. They must have `content_bytes` and `metadata_bytes`. */
  readonly candidates: (after: 'given' | 'before', limit: string) => string;
  readonly order: string;
  /** The columns shown for each row; the table is `page`. */
  readonly columns: string;
  /** Parameter for the maximum number of rows. */
  readonly maxRows: string;
  /** Parameter for the maximum bytes of content and metadata together. */
  readonly maxBytes: string;
}

/** Rows measured in the first step, and growth per step: many small rows stay cheap, and few large ones are measured needlessly. */
const FIRST_STEP = 32;
const GROWTH = 3;

/**
 * Selects as many rows as the page may hold by number and by bytes, and at least one if there is any. `found` counts the
 * measured rows, which are more than those of the page if rows remain.
 *
 * Rows are measured in steps until the page is full: printing all the metadata that might follow, only to find that it
 * does not fit, would take PostgreSQL seconds when it is large.
 */
export function boundedPage({ first, candidates, order, columns, maxRows, maxBytes }: BoundedPage): string {
  const step = (after: 'given' | 'before'): string => {
    const so = after === 'given' ? { place: '0', bytes: '0' } : { place: 'before.place', bytes: 'before.bytes' };
    const stepRows =
      after === 'given'
        ? `LEAST(${FIRST_STEP}, ${maxRows}::int + 1)`
        : `LEAST(${GROWTH} * before.place, ${maxRows}::int + 1 - before.place)`;
    return `
    SELECT candidate.*,
      ${so.place} + row_number() OVER so_far AS place,
      (${so.bytes} + sum(candidate.content_bytes + candidate.metadata_bytes) OVER so_far)::bigint AS bytes,
      row_number() OVER so_far = ${stepRows} AS full_step
    FROM (${candidates(after, stepRows)}) candidate
    WINDOW so_far AS (ORDER BY ${order} ROWS UNBOUNDED PRECEDING)`;
  };
  return `
WITH RECURSIVE ${first === undefined ? '' : `${first}, `}page AS (
  SELECT first_step.* FROM (${step('given')}
  ) first_step
  UNION ALL
  SELECT next_step.* FROM page before, LATERAL (${step('before')}
  ) next_step
  WHERE before.full_step AND before.place <= ${maxRows}::int AND before.bytes <= ${maxBytes}::bigint
)
SELECT ${columns}, (SELECT count(*) FROM page)::int AS found
FROM page
WHERE place <= ${maxRows}::int AND (place = 1 OR bytes <= ${maxBytes}::bigint)
ORDER BY ${order}`;
}

/** Metadata of a row in `page`, unless it alone exceeds the page; then `metadata_left_out` is set. */
export function boundedMetadata(maxBytes: string): string {
  return `CASE WHEN metadata_bytes <= ${maxBytes}::bigint THEN metadata END AS metadata, metadata_bytes > ${maxBytes}::bigint AS metadata_left_out`;
}
