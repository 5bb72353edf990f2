import { HandoffError } from '../../errors/handoffError.js';
import type { Meter } from '@opentelemetry/api';
import { jobEvents, jobMetrics } from '../../telemetry/catalogue/jobs.js';
import { errorType } from '../../telemetry/errorType.js';
import { createInstrument } from '../../telemetry/instruments.js';
import type { Log } from '../../telemetry/log.js';
import { createRateLimit } from '../../telemetry/rateLimit.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../telemetry/semconv.js';
import type { Clock } from '../../time/clock.js';

/** What happens in the background, where no caller would see it. Never throws. */
export interface JobReports {
  readonly onError: (error: unknown) => void;
  /** A failure that the next look makes good: jobs run all the same. */
  readonly onPassingError: (error: unknown) => void;
  readonly onWarning: (type: string) => void;
  /** The queue has just done what it should, whether or not it failed before. */
  readonly onWorking: () => void;
  /** This process is not to run jobs: that it could not before is of no concern any more. */
  readonly onIdle: () => void;
}

/** Hears whether this process fails to run jobs. Never throws. */
export interface JobsWatcher {
  readonly failing: (reason: string) => void;
  /** It does not, or not any more. */
  readonly working: () => void;
}

const INTERVAL_MS = 60_000;
const MAX_KINDS = 20;

/** Counts every failure of the queue, and logs the first of each kind in a minute: while the database is away they come by the second. */
export function jobReports(log: Log, meter: Meter, clock: Clock, watcher: JobsWatcher): JobReports {
  const limit = createRateLimit(clock, INTERVAL_MS, MAX_KINDS);
  const count = createInstrument(meter, jobMetrics.engineErrors);
  const report = (error: unknown, type: string): void => {
    count(1, { [ATTR_ERROR_TYPE]: type });
    limit(`error ${type}`, (heldBack) =>
      log.warn(
        { [ATTR_EVENT_NAME]: jobEvents.engineFailed.name, [ATTR_ERROR_TYPE]: type, heldBack },
        error instanceof HandoffError
          ? `jobs wait: ${error.message}`
          : 'the job queue cannot reach its tables or its state; it tries again',
      ),
    );
  };
  return {
    onError: (error) => {
      const type = errorType(error);
      report(error, type);
      watcher.failing(type);
    },
    onPassingError: (error) => report(error, errorType(error)),
    onWorking: () => watcher.working(),
    onIdle: () => watcher.working(),
    onWarning: (type) =>
      limit(`warning ${type}`, (heldBack) =>
        log.warn({ [ATTR_EVENT_NAME]: jobEvents.engineWarning.name, warning: type, heldBack }, 'the job queue warns'),
      ),
  };
}
