import { performance } from 'node:perf_hooks';
import { watchLoopDelay } from '../../../resilience/admission/loopDelay.js';
import type { LoopDelay, LoopReading } from '../../../resilience/admission/loopDelay.js';
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

const STALLED =
  'Something kept the main thread busy for a second or more, while no call was answered: record a CPU profile, and look for large answers and synchronous work of the host.';
const BUSY =
  'The main thread has more work than time: spread the calls over more processes, or record a CPU profile to find what takes it.';
const SLOW = 'The main thread is stalled: record a CPU profile to find what keeps it busy.';

/** Measures the event loop of this thread, from its start or the first look on. */
export class LoopMeter {
  readonly #shared: LoopDelay | undefined;
  #own: LoopDelay | undefined;
  #delay: LoopReading | undefined;
  #before = performance.eventLoopUtilization();

  /** @param shared what watches the loop already; default: a watch of its own, from the start to the stop */
  constructor(shared?: LoopDelay) {
    this.#shared = shared;
  }

  start(): void {
    if (this.#delay !== undefined) return;
    this.#own = this.#shared === undefined ? watchLoopDelay() : undefined;
    this.#delay = (this.#shared ?? this.#own)?.reading();
    this.#before = performance.eventLoopUtilization();
  }

  stop(): void {
    this.#delay?.end();
    this.#delay = undefined;
    this.#own?.stop();
  }

  look(): LoopUse {
    const now = performance.eventLoopUtilization();
    const { utilization, active, idle } = performance.eventLoopUtilization(now, this.#before);
    const isMeasured = active + idle >= LEAST_MS;
    if (isMeasured) this.#before = now;
    const { longestMs = 0, p99Ms } = this.#delay?.take() ?? {};
    return { ...(isMeasured ? { utilization } : {}), ...(p99Ms === undefined ? {} : { delayP99Ms: p99Ms, delayMaxMs: longestMs }) };
  }
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
