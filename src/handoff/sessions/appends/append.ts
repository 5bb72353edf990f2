import type { SharedCall } from '../sharing/sharedCall.js';

/** One entry to add, as the statements take it. */
export interface Append extends SharedCall {
  readonly contextType: string;
  readonly content: string;
  /** As JSON text. */
  readonly metadata: string;
  readonly agent: string | null;
  readonly traceparent: string | null;
}
