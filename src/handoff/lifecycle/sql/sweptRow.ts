/** What a batch of a sweep did. */
export interface SweptRow {
  readonly taken: number;
  readonly changed: number;
  /** A few of the sessions that were changed; NULL where there are none. */
  readonly some_ids: readonly string[] | null;
}
