import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import type { MetricsHandler } from './prometheus/scrape.js';
import type { SignalsStatus } from './status/signalsStatus.js';

/** The SDK as `instrument()` runs it: our own pipelines, or another SDK that was registered first. */
export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logger: Logger;
  readonly metricsHandler: MetricsHandler;
  status(): SignalsStatus;
  /** Number of spans and log records made so far. */
  made(): number;
  /** Sends everything. Bounded by `flushTimeoutMs`; never rejects. */
  flush(): Promise<void>;
  /**
   * Does the same at process exit, but gives up sooner on an unreachable collector. Resolves with `false` when not everything
   * was answered in time.
   */
  flushAtExit(): Promise<boolean>;
  /** Sends spans and log records without the event loop: blocks the process, within the same bound. Never throws. */
  flushNow(): void;
  /** Frees OpenTelemetry's globals at once, so that another SDK may start, then flushes and stops everything. Bounded; never rejects. */
  shutdown(): Promise<void>;
}
