import type { BatchDetails } from './batchCounts.js';
import type { LastRequest } from './otlp/lastRequest.js';

/** The export of one signal by OTLP: what the SDK feeds, and what we keep to flush, count and stop it. */
export interface Outlet<Fed, Counts> {
  /** For NodeSDK. */
  readonly feeds: readonly Fed[];
  /** Absent when the signal is not sent by OTLP. */
  readonly endpoint?: string;
  counts(): Counts | undefined;
  /** What was given up on, by `error.type`. Absent when the signal is not sent by OTLP. */
  failures?(): ReadonlyMap<string, number>;
  /** The next two exist only for spans and log records sent by OTLP, see `SignalQueue`. */
  details?(): BatchDetails;
  lastRequests?(): readonly LastRequest[];
  /** Sends everything. Not bounded; never rejects. */
  flush(): Promise<void>;
  /** Set while the process waits to end. */
  setHurried(isHurried: boolean): void;
  close(): void;
}
