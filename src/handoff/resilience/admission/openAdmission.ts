import type { Meter } from '@opentelemetry/api';
import { resilienceEvents, resilienceMetrics, shedReasons } from '../../../telemetry/catalogue/resilience.js';
import { createInstrument, observeGauge } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import { createRateLimit } from '../../../telemetry/rateLimit.js';
import { ATTR_EVENT_NAME, ATTR_HANDOFF_ADMISSION_STATE, ATTR_HANDOFF_SHED_REASON } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import { Admission } from './admission.js';
import type { AdmissionSettings } from './admission.js';
import type { LoopDelay } from './loopDelay.js';

const LOG_INTERVAL_MS = 60_000;

export interface OpenedAdmission {
  readonly admission: Admission;
  close(): void;
}

export interface AdmissionDependencies {
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ended by its owner. */
  readonly loop: LoopDelay;
}

/** Creates the admission of a process, with its metrics and an occasional log record about calls that are refused. */
export function openAdmission(settings: AdmissionSettings, { log, meter, clock, random, loop }: AdmissionDependencies): OpenedAdmission {
  const count = createInstrument(meter, resilienceMetrics.requestsShed);
  const limitRate = createRateLimit(clock, LOG_INTERVAL_MS);
  // A series that begins with its first increase has none as far as a rate can tell.
  for (const reason of shedReasons) count(0, { [ATTR_HANDOFF_SHED_REASON]: reason });
  const delay = loop.reading();
  const admission = new Admission(settings, {
    clock,
    random,
    loopDelayMs: () => delay.take().longestMs,
    onShed: (reason) => {
      count(1, { [ATTR_HANDOFF_SHED_REASON]: reason });
      limitRate(reason, (heldBack) =>
        log.warn(
          { [ATTR_EVENT_NAME]: resilienceEvents.requestsRefused.name, [ATTR_HANDOFF_SHED_REASON]: reason, heldBack, ...admission.status() },
          'calls are refused, because there are more than the server can finish in time',
        ),
      );
    },
  });
  const hideLimit = observeGauge(meter, resilienceMetrics.admissionLimit, (report) => report(admission.status().limit, {}));
  const { floor } = admission;
  const hideFloor =
    floor === undefined ? () => undefined : observeGauge(meter, resilienceMetrics.admissionFloor, (report) => report(floor, {}));
  const hideCalls = observeGauge(meter, resilienceMetrics.admissionCalls, (report) => {
    const { running, waiting } = admission.status();
    report(running, { [ATTR_HANDOFF_ADMISSION_STATE]: 'running' });
    report(waiting, { [ATTR_HANDOFF_ADMISSION_STATE]: 'waiting' });
  });
  return {
    admission,
    close: () => {
      hideLimit();
      hideFloor();
      hideCalls();
      delay.end();
    },
  };
}
