/** What became of one batch. */
export interface Delivery {
  readonly delivered: boolean;
  /** Items of a delivered batch that the receiver rejected (OTLP partial success). */
  readonly rejected?: number;
  /** Why it was not delivered: an HTTP status, an errno-style code or another word of a small set. */
  readonly errorType?: string;
}
