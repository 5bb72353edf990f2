/** Parts of a statement that reads a page bounded by number and by bytes. All of it is our own text, never a caller's. */
export interface BoundedPage {
  /** Rows after a place, in order and at most `limit`. They need `content_bytes` and `metadata_bytes`. */
  readonly candidates: (after: 'given' | 'before', limit: string) => string;
  readonly order: string;
  /** What the page shows of each row; the table is `page`. */
  readonly columns: string;
  /** Parameter with the largest number of rows. */
  readonly maxRows: string;
  /** Parameter with the largest number of bytes of content and metadata together. */
  readonly maxBytes: string;
}

/** Rows measured at first, and after that for each row so far: a page of many small rows is cheap, and few large ones are measured in vain. */
const FIRST_STEP = 32;
const GROWTH = 3;

/**
 * As many rows as the page may hold by number and by bytes, and always one if there is one. `found` counts the rows
 * measured, which are more than the page's while rows remain.
 *
 * Rows are measured in steps until the page is full: printing the metadata of all that might follow, only to find that it
 * does not fit, would take PostgreSQL seconds when it is large.
 */
export function boundedPage({ candidates, order, columns, maxRows, maxBytes }: BoundedPage): string {
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
WITH RECURSIVE page AS (
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

/** Metadata of a row in `page`, unless it alone is larger than the page; then `metadata_left_out` says so. */
export function boundedMetadata(maxBytes: string): string {
  return `CASE WHEN metadata_bytes <= ${maxBytes}::bigint THEN metadata END AS metadata, metadata_bytes > ${maxBytes}::bigint AS metadata_left_out`;
}
