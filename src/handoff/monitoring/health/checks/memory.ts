import { totalmem } from 'node:os';
import { resourceLimits } from '../../../../telemetry/catalogue/health.js';
import { degraded, healthy, unhealthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';
import { heapUse } from './heapUse.js';
import { residentBytes } from './residentBytes.js';

/** What this process takes, and what it may take. In bytes. */
export interface MemoryUse {
  readonly rssBytes: number;
  /** What the control group of the process (v1 or v2) allows; absent where it sets no limit. */
  readonly limitBytes?: number;
  /** Without young objects, most of which are garbage. */
  readonly heapUsedBytes: number;
  /** What V8 allows these, see `--max-old-space-size`. */
  readonly heapLimitBytes: number;
}

const HIGH_PERCENT = 100 * resourceLimits.memoryShare;
const FULL_PERCENT = 95;

const HEAP =
  'The JavaScript heap is close to its limit, at which the process ends: raise --max-old-space-size in NODE_OPTIONS, lower the limits of the cache and of answers, or take a heap snapshot to find what holds it.';
const MEMORY =
  'The process is close to the memory limit of its container, at which the system kills it: raise that limit, or set --max-old-space-size in NODE_OPTIONS to three quarters of it.';
const SLOW = 'The memory could not be measured in time: look whether the process is stalled.';

/**
 * Measures this process. The heap is measured against its limit and not against its present size, which V8 keeps close to what is used.
 *
 * @param constrained what the system says is allowed: libuv reads the control groups of both versions, the nested ones included
 */
export function memoryUse(constrained: () => number = () => process.constrainedMemory(), total: () => number = totalmem): MemoryUse {
  const { usedBytes: heapUsedBytes, limitBytes: heapLimitBytes } = heapUse();
  const limitBytes = constrained();
  // Without a limit, libuv answers 0, a number beyond any memory, or what the machine has.
  const isLimited = limitBytes > 0 && limitBytes < total();
  return { rssBytes: residentBytes(), heapUsedBytes, heapLimitBytes, ...(isLimited ? { limitBytes } : {}) };
}

/** Looks how close the process is to what ends it. */
export function memoryCheck(measure: () => MemoryUse = memoryUse): HealthCheck {
  return {
    name: 'memory',
    isCritical: true,
    adviceWhenSlow: SLOW,
    run: async () => {
      const use = measure();
      const heapPercent = percent(use.heapUsedBytes, use.heapLimitBytes);
      const memoryPercent = use.limitBytes === undefined ? undefined : percent(use.rssBytes, use.limitBytes);
      const measured = { ...use, heapPercent, memoryPercent };
      const isHeap = heapPercent >= (memoryPercent ?? 0);
      const worst = Math.max(heapPercent, memoryPercent ?? 0);
      if (worst < HIGH_PERCENT) return healthy(measured);
      const judge = worst >= FULL_PERCENT ? unhealthy : degraded;
      return isHeap ? judge('heap_nearly_full', HEAP, measured) : judge('memory_nearly_full', MEMORY, measured);
    },
  };
}

function percent(part: number, whole: number): number {
  return Math.round((1000 * part) / whole) / 10;
}
