import type { ErrorCategory } from '../../../errors/categories.js';
import { quietly } from '../../../errors/quietly.js';
import { resilienceEvents } from '../../../telemetry/catalogue/resilience.js';
import type { Log } from '../../../telemetry/log.js';
import { createRateLimit } from '../../../telemetry/rateLimit.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import { within } from '../../../time/within.js';
import type { Dependency } from '../breakerReports.js';

/** Something that people should know. */
export interface ErrorAlert {
  readonly severity: 'warning' | 'critical';
  readonly category: ErrorCategory;
  /** Code or class of the error. */
  readonly errorType: string;
  readonly dependency?: Dependency;
  /** A sentence that quotes nothing. */
  readonly summary: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Takes alerts elsewhere: to a pager, a webhook or Alertmanager. May hang and may fail. */
export type AlertSink = (alert: ErrorAlert) => Promise<unknown>;

const INTERVAL_MS = 60_000;
const SINK_LIMIT_MS = 10_000;

/** Writes alerts to the log, and hands them on. */
export class Alerts {
  readonly #log: Log;
  readonly #sink: AlertSink | undefined;
  readonly #limit: ReturnType<typeof createRateLimit>;

  constructor(log: Log, clock: Clock, sink: AlertSink | undefined) {
    this.#log = log;
    this.#sink = sink;
    this.#limit = createRateLimit(clock, INTERVAL_MS);
  }

  /** At most one a minute for each code. */
  warn(alert: ErrorAlert): void {
    this.#limit(alert.errorType, (heldBack) => {
      quietly(() => this.#log.warn({ [ATTR_EVENT_NAME]: resilienceEvents.errorAlert.name, ...fieldsOf(alert), heldBack }, alert.summary));
      void this.#deliver(alert);
    });
  }

  /** Always; resolves when it was delivered, or not in time. */
  async escalate(alert: ErrorAlert): Promise<void> {
    quietly(() => this.#log.error({ [ATTR_EVENT_NAME]: resilienceEvents.errorEscalated.name, ...fieldsOf(alert) }, alert.summary));
    await this.#deliver(alert);
  }

  async #deliver(alert: ErrorAlert): Promise<void> {
    const sink = this.#sink;
    if (sink === undefined) return;
    try {
      await within(SINK_LIMIT_MS, async () => sink(alert));
    } catch (error) {
      quietly(() =>
        this.#log.warn(
          { [ATTR_EVENT_NAME]: resilienceEvents.alertLost.name, [ATTR_ERROR_TYPE]: alert.errorType, err: error },
          'an alert could not be delivered; it is in this log',
        ),
      );
    }
  }
}

function fieldsOf({ severity, category, errorType, dependency }: ErrorAlert): object {
  return { severity, category, [ATTR_ERROR_TYPE]: errorType, ...(dependency === undefined ? {} : { dependency }) };
}
