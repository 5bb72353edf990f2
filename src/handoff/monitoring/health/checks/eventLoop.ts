import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ELDHistogram } from 'node:perf_hooks';
import { degraded, healthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';

/** How the event loop did since the last look. */
export interface LoopUse {
  /** Lateness of timers in milliseconds: the 99th percentile and the worst; absent when none was due. */
  readonly delayP99Ms?: number;
  readonly delayMaxMs?: number;
  /** Share of the time in which it had work, 0 to 1; absent when the last look was a moment ago. */
  readonly utilization?: number;
}

const STALLED_MS = 1000;
const LATE_MS = 250;
const SATURATED = 0.98;
/** In a shorter time, whoever looks is most of the work. */
const LEAST_MS = 1000;
/** Coarse, because an idle process must not be woken fifty times a second; how late a timer is shows all the same. */
const RESOLUTION_MS = 100;

const STALLED =
  'Something kept the main thread busy for a second or more, while no call was answered: record a CPU profile, and look for large answers and synchronous work of the host.';
const BUSY =
  'The main thread has more work than time: spread the calls over more processes, or record a CPU profile to find what takes it.';
const SLOW = 'The main thread is stalled: record a CPU profile to find what keeps it busy.';

/** Measures the event loop of this thread, from its start or the first look on. */
export class LoopMeter {
  #delays: ELDHistogram | undefined;
  #before = performance.eventLoopUtilization();

  start(): void {
    if (this.#delays !== undefined) return;
    this.#delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#delays.enable();
    this.#before = performance.eventLoopUtilization();
  }

  stop(): void {
    this.#delays?.disable();
    this.#delays = undefined;
  }

  look(): LoopUse {
    const now = performance.eventLoopUtilization();
    const { utilization, active, idle } = performance.eventLoopUtilization(now, this.#before);
    const isMeasured = active + idle >= LEAST_MS;
    if (isMeasured) this.#before = now;
    const use = isMeasured ? { utilization } : {};
    const delays = this.#delays;
    if (delays === undefined || delays.count === 0) return use;
    const delay = { delayP99Ms: lateness(delays.percentile(99)), delayMaxMs: lateness(delays.max) };
    delays.reset();
    return { ...use, ...delay };
  }
}

/** What is recorded, in nanoseconds, is the time from one timer to the next. */
function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}

/** Looks whether the main thread has time for calls. */
export function eventLoopCheck(look: () => LoopUse): HealthCheck {
  return {
    name: 'event_loop',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      const { delayP99Ms, delayMaxMs, utilization } = look();
      const measured = {
        delayP99Ms: rounded(delayP99Ms),
        delayMaxMs: rounded(delayMaxMs),
        utilizationPercent: utilization === undefined ? undefined : Math.round(utilization * 1000) / 10,
      };
      if ((delayMaxMs ?? 0) >= STALLED_MS) return degraded('stalled', STALLED, measured);
      const isSaturated = (delayP99Ms ?? 0) >= LATE_MS || (utilization ?? 0) >= SATURATED;
      return isSaturated ? degraded('saturated', BUSY, measured) : healthy(measured);
    },
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 10) / 10;
}
