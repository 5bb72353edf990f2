/** One request's worth of records, and what in it could not be kept (reported to the sender as a partial success). */
export interface Batch<T> {
  readonly records: readonly T[];
  readonly rejected: number;
  /** Why, for the sender; empty when nothing was rejected. */
  readonly reason: string;
}
