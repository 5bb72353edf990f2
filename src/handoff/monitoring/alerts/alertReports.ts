import type { Meter } from '@opentelemetry/api';
import { quietly } from '../../../errors/quietly.js';
import { alertDeliveries, alertEvents, alertMetrics, alertNames, alertTargets } from '../../../telemetry/catalogue/alerts.js';
import type { AlertDelivery, AlertName, AlertTargetKind } from '../../../telemetry/catalogue/alerts.js';
import { errorType } from '../../../telemetry/errorType.js';
import { createInstrument, observeGauge } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import { createRateLimit } from '../../../telemetry/rateLimit.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_EVENT_NAME,
  ATTR_HANDOFF_ALERT_DELIVERY,
  ATTR_HANDOFF_ALERT_NAME,
  ATTR_HANDOFF_ALERT_TRANSITION,
  ATTR_HANDOFF_ALERT_TARGET,
} from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import { descriptions } from '../thresholds/descriptions.js';
import type { AlertChange, Breach, OwnEnd } from './breach.js';
import { summaryOf } from './notices.js';

const UNDELIVERED_INTERVAL_MS = 60_000;
const ALONE_INTERVAL_MS = 600_000;

/** Tells metrics and logs of alerts. No method throws. */
export class AlertReports {
  readonly #log: Log;
  readonly #countTransition: ReturnType<typeof createInstrument>;
  readonly #countNotification: ReturnType<typeof createInstrument>;
  readonly #limitUndelivered: ReturnType<typeof createRateLimit>;
  readonly #limitAlone: ReturnType<typeof createRateLimit>;
  readonly #meter: Meter;

  constructor(log: Log, meter: Meter, clock: Clock) {
    this.#log = log;
    this.#meter = meter;
    this.#countTransition = createInstrument(meter, alertMetrics.transitions);
    this.#countNotification = createInstrument(meter, alertMetrics.notifications);
    this.#limitUndelivered = createRateLimit(clock, UNDELIVERED_INTERVAL_MS);
    this.#limitAlone = createRateLimit(clock, ALONE_INTERVAL_MS);
    // A series that begins with its first increase has none as far as a rate can tell.
    for (const name of alertNames) for (const state of ['raised', 'cleared']) this.#transition(name, state, 0);
    for (const target of alertTargets) for (const delivery of alertDeliveries) this.#notification(target, delivery, 0);
  }

  /** Shows which thresholds figures are beyond, until the result is called. */
  show(isRaised: (name: AlertName) => boolean): () => void {
    return observeGauge(this.#meter, alertMetrics.state, (report) => {
      for (const name of alertNames) report(isRaised(name) ? 1 : 0, { [ATTR_HANDOFF_ALERT_NAME]: name });
    });
  }

  raised(breach: Breach): void {
    const { name, scope, value, threshold, detail } = breach;
    this.#transition(name, 'raised', 1);
    const { unit, advice } = descriptions[name];
    const figures = { scope, value, threshold, unit, ...(detail === undefined ? {} : { detail }) };
    quietly(() =>
      this.#log.warn(
        { [ATTR_EVENT_NAME]: alertEvents.raised.name, [ATTR_HANDOFF_ALERT_NAME]: name, ...figures, advice },
        summaryOf(name, breach),
      ),
    );
  }

  /** @param value the figure now, if it was measured */
  cleared({ name, scope, threshold }: Breach, value: number | undefined, cause: OwnEnd): void {
    this.#transition(name, 'cleared', 1);
    this.#tellEnd({ name, scope, threshold, cause, ...(value === undefined ? {} : { value }), unit: descriptions[name].unit });
  }

  /** An alert of a server that has not been heard of. */
  expired({ name, scope }: AlertChange): void {
    this.#tellEnd({ name, scope, cause: 'expired' });
  }

  delivery(target: AlertTargetKind, delivery: AlertDelivery, error: unknown): void {
    this.#notification(target, delivery, 1);
    if (delivery === 'delivered') return;
    this.#limitUndelivered(target, (heldBack) =>
      quietly(() =>
        this.#log.warn(
          {
            [ATTR_EVENT_NAME]: alertEvents.undelivered.name,
            [ATTR_HANDOFF_ALERT_TARGET]: target,
            [ATTR_HANDOFF_ALERT_DELIVERY]: delivery,
            ...(error === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType(error), err: error }),
            heldBack,
          },
          `the ${target} could not be told of an alert; what it says is in this log`,
        ),
      ),
    );
  }

  alone(error: unknown): void {
    this.#limitAlone('database', (heldBack) =>
      quietly(() =>
        this.#log.warn(
          { [ATTR_EVENT_NAME]: alertEvents.unshared.name, [ATTR_ERROR_TYPE]: errorType(error), heldBack },
          'the database cannot be asked which alerts are known: each server tells of its own, so that an alert may be told more than once',
        ),
      ),
    );
  }

  #tellEnd({ name, ...facts }: { readonly name: string } & Readonly<Record<string, unknown>>): void {
    quietly(() =>
      this.#log.info({ [ATTR_EVENT_NAME]: alertEvents.cleared.name, [ATTR_HANDOFF_ALERT_NAME]: name, ...facts }, 'an alert is over'),
    );
  }

  #transition(name: string, state: string, count: number): void {
    this.#countTransition(count, { [ATTR_HANDOFF_ALERT_NAME]: name, [ATTR_HANDOFF_ALERT_TRANSITION]: state });
  }

  #notification(target: string, delivery: string, count: number): void {
    this.#countNotification(count, { [ATTR_HANDOFF_ALERT_TARGET]: target, [ATTR_HANDOFF_ALERT_DELIVERY]: delivery });
  }
}
