import type { Meter } from '@opentelemetry/api';
import { healthEvents, healthMetrics, healthStates } from '../../../telemetry/catalogue/health.js';
import type { HealthComponent, HealthReason, HealthState, Resource } from '../../../telemetry/catalogue/health.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_EVENT_NAME,
  ATTR_HANDOFF_COMPONENT_NAME,
  ATTR_HANDOFF_COMPONENT_REASON,
  ATTR_HANDOFF_COMPONENT_STATE,
  ATTR_HANDOFF_RESOURCE_NAME,
} from '../../../telemetry/semconv.js';
import { quietly } from '../../../errors/quietly.js';
import type { CheckResult } from './report.js';

/** Where the details of a check say how much of a limit is used. */
const PERCENTAGES: Readonly<Partial<Record<HealthComponent, Readonly<Record<string, Resource>>>>> = {
  memory: { heapPercent: 'heap', memoryPercent: 'memory' },
  disk: { usedPercent: 'disk' },
};

/**
 * Within an outage, a part that goes back and forth between reasons has each of them in the log once in this time, in milliseconds: a
 * database that takes no connections is found unreachable, timed out or full, whichever of them is first.
 */
const REPEAT_MS = 600_000;

/** Tells metrics and logs what the checks find: metrics of every result, and one record when something is not as before. */
export class HealthReports {
  readonly #log: Log;
  readonly #recordState: ReturnType<typeof createInstrument>;
  readonly #recordDuration: ReturnType<typeof createInstrument>;
  readonly #recordSince: ReturnType<typeof createInstrument>;
  readonly #recordReason: ReturnType<typeof createInstrument>;
  readonly #recordUse: ReturnType<typeof createInstrument>;
  readonly #states = new Map<string, HealthState>();
  readonly #reasons = new Map<string, HealthReason>();
  readonly #before = new Map<string, string>();
  /** When each finding of a part was told last, since it was last healthy. */
  readonly #toldAtMs = new Map<string, Map<string, number>>();

  constructor(log: Log, meter: Meter) {
    this.#log = log;
    this.#recordState = createInstrument(meter, healthMetrics.state);
    this.#recordDuration = createInstrument(meter, healthMetrics.checkDuration);
    this.#recordSince = createInstrument(meter, healthMetrics.since);
    this.#recordReason = createInstrument(meter, healthMetrics.reason);
    this.#recordUse = createInstrument(meter, healthMetrics.utilization);
  }

  /**
   * Never throws.
   *
   * @param overall `undefined` while it is not known, because there are parts that were never looked at
   */
  result(result: CheckResult, overall: HealthState | undefined): void {
    this.#state(result.name, result.status, result.atMs);
    if (overall !== undefined) this.#state('overall', overall, result.atMs);
    this.#reason(result);
    this.#use(result);
    this.#recordDuration(result.latencyMs / 1000, { [ATTR_HANDOFF_COMPONENT_NAME]: result.name });
    if (this.#isNews(result)) quietly(() => this.#tell(result));
  }

  #isNews({ name, status, reason, atMs }: CheckResult): boolean {
    const finding = `${status} ${reason ?? ''}`;
    const before = this.#before.get(name);
    this.#before.set(name, finding);
    // A server that is healthy from the start has nothing to tell.
    if (before === undefined ? status === 'healthy' : before === finding) return false;
    const told = (status === 'healthy' ? undefined : this.#toldAtMs.get(name)) ?? new Map<string, number>();
    this.#toldAtMs.set(name, told);
    const sinceMs = atMs - (told.get(finding) ?? -Infinity);
    // Also where the clock was put back.
    if (sinceMs >= 0 && sinceMs < REPEAT_MS) return false;
    told.set(finding, atMs);
    return true;
  }

  #state(component: string, current: HealthState, atMs: number): void {
    if (this.#states.get(component) !== current) {
      this.#states.set(component, current);
      this.#recordSince(atMs / 1000, { [ATTR_HANDOFF_COMPONENT_NAME]: component });
    }
    for (const state of healthStates)
      this.#recordState(state === current ? 1 : 0, { [ATTR_HANDOFF_COMPONENT_NAME]: component, [ATTR_HANDOFF_COMPONENT_STATE]: state });
  }

  /** The reason of a healthy part, such as that it is not configured, is no news. */
  #reason({ name, status, reason }: CheckResult): void {
    const now = status === 'healthy' ? undefined : reason;
    const before = this.#reasons.get(name);
    if (before === now) return;
    const record = (value: number, of: HealthReason): void =>
      this.#recordReason(value, { [ATTR_HANDOFF_COMPONENT_NAME]: name, [ATTR_HANDOFF_COMPONENT_REASON]: of });
    if (before !== undefined) record(0, before);
    if (now === undefined) this.#reasons.delete(name);
    else {
      record(1, now);
      this.#reasons.set(name, now);
    }
  }

  #use({ name, details }: CheckResult): void {
    for (const [detail, resource] of Object.entries(PERCENTAGES[name] ?? {})) {
      const percent = details[detail];
      if (typeof percent === 'number') this.#recordUse(percent / 100, { [ATTR_HANDOFF_RESOURCE_NAME]: resource });
    }
  }

  #tell({ name, status, reason, advice, details, latencyMs, errorType }: CheckResult): void {
    const fields = {
      [ATTR_EVENT_NAME]: healthEvents.changed.name,
      [ATTR_HANDOFF_COMPONENT_NAME]: name,
      [ATTR_HANDOFF_COMPONENT_STATE]: status,
      ...(reason === undefined ? {} : { [ATTR_HANDOFF_COMPONENT_REASON]: reason }),
      ...(advice === undefined ? {} : { advice }),
      ...(errorType === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType }),
      latencyMs: Math.round(latencyMs),
      details,
    };
    if (status === 'healthy') this.#log.info(fields, 'a part of the server is healthy again');
    else this.#log.warn(fields, 'a part of the server is not healthy');
  }
}
