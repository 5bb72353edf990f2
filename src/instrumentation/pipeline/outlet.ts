import type { BatchDetails } from './batchCounts.js';
import type { LastWords } from './signalQueue.js';

/** One signal on its way out by OTLP: what the SDK feeds, and what we keep to flush, count and stop it. */
export interface Outlet<Fed, Counts> {
  /** For NodeSDK. */
  readonly feeds: readonly Fed[];
  /** Absent when the signal does not go out by OTLP. */
  readonly endpoint?: string;
  counts(): Counts | undefined;
  /** The next two: spans and log records by OTLP only, see `SignalQueue`. */
  details?(): BatchDetails;
  lastWords?(): LastWords;
  /** Sends what there is. Not bounded, never rejects. */
  flush(): Promise<void>;
  /** While the process waits to end. */
  setHurried(isHurried: boolean): void;
  close(): void;
}
