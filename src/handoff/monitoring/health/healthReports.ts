import type { Meter } from '@opentelemetry/api';
import { healthEvents, healthMetrics, healthStates } from '../../../telemetry/catalogue/health.js';
import type { HealthReason, HealthState } from '../../../telemetry/catalogue/health.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_EVENT_NAME,
  ATTR_HANDOFF_COMPONENT_NAME,
  ATTR_HANDOFF_HEALTH_REASON,
  ATTR_HANDOFF_COMPONENT_STATE,
} from '../../../telemetry/semconv.js';
import { quietly } from '../../../errors/quietly.js';
import type { CheckResult } from './report.js';

/** Tells metrics and logs what the checks find: metrics of every result, and one record when something is not as before. */
export class HealthReports {
  readonly #log: Log;
  readonly #recordState: ReturnType<typeof createInstrument>;
  readonly #recordDuration: ReturnType<typeof createInstrument>;
  readonly #told = new Map<string, { readonly status: HealthState; readonly reason: HealthReason | undefined }>();

  constructor(log: Log, meter: Meter) {
    this.#log = log;
    this.#recordState = createInstrument(meter, healthMetrics.state);
    this.#recordDuration = createInstrument(meter, healthMetrics.checkDuration);
  }

  /**
   * Never throws.
   *
   * @param overall `undefined` while it is not known, because there are parts that were never looked at
   */
  result(result: CheckResult, overall: HealthState | undefined): void {
    this.#state(result.name, result.status);
    if (overall !== undefined) this.#state('overall', overall);
    this.#recordDuration(result.latencyMs / 1000, { [ATTR_HANDOFF_COMPONENT_NAME]: result.name });
    const { name, status, reason } = result;
    const before = this.#told.get(name);
    this.#told.set(name, { status, reason });
    // A server that is healthy from the start has nothing to tell.
    if (before === undefined ? status === 'healthy' : before.status === status && before.reason === reason) return;
    quietly(() => this.#tell(result));
  }

  #state(component: string, current: HealthState): void {
    for (const state of healthStates)
      this.#recordState(state === current ? 1 : 0, { [ATTR_HANDOFF_COMPONENT_NAME]: component, [ATTR_HANDOFF_COMPONENT_STATE]: state });
  }

  #tell({ name, status, reason, advice, details, latencyMs, errorType }: CheckResult): void {
    const fields = {
      [ATTR_EVENT_NAME]: healthEvents.changed.name,
      [ATTR_HANDOFF_COMPONENT_NAME]: name,
      [ATTR_HANDOFF_COMPONENT_STATE]: status,
      ...(reason === undefined ? {} : { [ATTR_HANDOFF_HEALTH_REASON]: reason }),
      ...(advice === undefined ? {} : { advice }),
      ...(errorType === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType }),
      latencyMs: Math.round(latencyMs),
      details,
    };
    if (status === 'healthy') this.#log.info(fields, 'a part of the server is healthy again');
    else this.#log.warn(fields, 'a part of the server is not healthy');
  }
}
