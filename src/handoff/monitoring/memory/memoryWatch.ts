import type { Meter } from '@opentelemetry/api';
import { quietly } from '../../../errors/quietly.js';
import { memoryEvents, memoryMetrics } from '../../../telemetry/catalogue/memory.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import { ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { CollectGarbage } from './collectGarbage.js';
import type { MemorySnapshot } from './memorySnapshot.js';

export interface MemoryWatchOptions {
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly measure: () => MemorySnapshot;
  readonly resources: () => Readonly<Record<string, number>>;
  /** Sizes of what this package keeps in memory, under names that end in their unit. */
  readonly parts: () => Readonly<Record<string, number>>;
  /** Looked for when it is first needed: it makes a context of V8. */
  readonly findCollector: () => CollectGarbage | undefined;
}

/** How memory is at one look. */
export interface MemoryLook {
  /** Percent of the limit that is closer; absent when it was not measured. */
  readonly usedPercent: number | undefined;
  /** From when on it is too much; absent where the threshold is switched off. */
  readonly thresholdPercent: number | undefined;
  /** Whether the main thread has no time: a collection would stop it for longer still, and V8 is most likely collecting already. */
  readonly isThreadBusy: boolean;
  readonly mayCollect: boolean;
  /** Least time from one report to the next, in milliseconds. */
  readonly intervalMs: number;
}

type Outcome = 'collected' | 'switched_off' | 'thread_busy' | 'not_possible';

/** A collection that took longer, or freed a smaller share of the heap, is not repeated as soon. */
const LONG_MS = 1000;
const LEAST_FREED = 0.05;
const BACK_OFF = 4;

/** Writes a report when memory is beyond its threshold, and starts a garbage collection where that may help. */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #count: ReturnType<typeof createInstrument>;
  #collector: { readonly collect: CollectGarbage | undefined } | undefined;
  #lastMs = -Infinity;
  #wasOfUse = true;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#count = createInstrument(options.meter, memoryMetrics.collections);
    this.#count(0, {});
  }

  /** Never throws. */
  look({ usedPercent, thresholdPercent, intervalMs, ...how }: MemoryLook): void {
    if (usedPercent === undefined || thresholdPercent === undefined || usedPercent < thresholdPercent) return;
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#lastMs < (this.#wasOfUse ? intervalMs : BACK_OFF * intervalMs)) return;
    this.#lastMs = nowMs;
    quietly(() => this.#report(usedPercent, thresholdPercent, how));
  }

  #report(usedPercent: number, thresholdPercent: number, how: Pick<MemoryLook, 'isThreadBusy' | 'mayCollect'>): void {
    const { clock, log, measure, parts, resources } = this.#options;
    const before = measure();
    const startMs = clock.monotonicMs();
    const outcome = this.#collect(how);
    const durationMs = clock.monotonicMs() - startMs;
    const after = outcome === 'collected' ? measure() : undefined;
    const freedBytes = after === undefined ? undefined : taken(before) - taken(after);
    this.#wasOfUse = freedBytes === undefined || (durationMs <= LONG_MS && freedBytes >= LEAST_FREED * taken(before));
    log.warn(
      {
        [ATTR_EVENT_NAME]: memoryEvents.report.name,
        usedPercent,
        thresholdPercent,
        collection: outcome,
        before,
        ...(after === undefined ? {} : { after, freedBytes, collectionMs: Math.round(durationMs) }),
        parts: parts(),
        resources: resources(),
      },
      MESSAGES[outcome],
    );
  }

  #collect({ isThreadBusy, mayCollect }: Pick<MemoryLook, 'isThreadBusy' | 'mayCollect'>): Outcome {
    if (!mayCollect) return 'switched_off';
    if (isThreadBusy) return 'thread_busy';
    this.#collector ??= { collect: this.#options.findCollector() };
    const { collect } = this.#collector;
    if (collect === undefined) return 'not_possible';
    collect();
    this.#count(1, {});
    return 'collected';
  }
}

/** What a collection can free: objects, and what they hold outside the heap. */
function taken({ heapUsedBytes, externalBytes }: MemorySnapshot): number {
  return heapUsedBytes + externalBytes;
}

const MESSAGES: Readonly<Record<Outcome, string>> = {
  collected: 'memory is beyond its threshold; a garbage collection was run',
  switched_off: 'memory is beyond its threshold; no garbage collection was run, because HANDOFF_MEMORY_COLLECTION says so',
  thread_busy: 'memory is beyond its threshold; no garbage collection was run, because the main thread is busy',
  not_possible: 'memory is beyond its threshold; this Node offers no garbage collection on request: start it with --expose-gc',
};
