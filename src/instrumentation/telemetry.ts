import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import type { MetricsHandler } from './prometheus/scrape.js';
import type { SignalsStatus } from './status/signalsStatus.js';

/** The SDK as `instrument()` runs it: our own pipelines, or somebody else's SDK that was there first. */
export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logger: Logger;
  /** Takes the records of pino when they leave by another way than `logger`. */
  readonly pinoLogger?: Pick<Logger, 'emit'>;
  readonly metricsHandler: MetricsHandler;
  status(): SignalsStatus;
  /** What was reported of settings that turned out to be of no use, one sentence each. */
  notices(): readonly string[];
  /** Spans and log records made so far. */
  made(): number;
  /** Sends everything; bounded by `flushTimeoutMs`; never rejects. */
  flush(): Promise<void>;
  /** The same on the way out of the process: gives up sooner on a collector that is not there. Resolves with `false` when not all was answered in time. */
  flushAtExit(): Promise<boolean>;
  /** Sends spans and log records without the event loop: holds the process, within the same bound. Never throws. */
  flushNow(): void;
  /** Frees OpenTelemetry's globals at once, so that another SDK may start, then flushes and stops everything. Bounded; never rejects. */
  shutdown(): Promise<void>;
}
