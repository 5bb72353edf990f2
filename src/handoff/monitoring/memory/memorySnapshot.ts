import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { memoryUse } from '../health/checks/memory.js';

/** What takes the memory of this process; all sizes in bytes. */
export interface MemorySnapshot {
  readonly rssBytes: number;
  /** Absent where the control group sets no limit. */
  readonly limitBytes?: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly heapLimitBytes: number;
  /** Outside the heap: what native objects hold, array buffers included. */
  readonly externalBytes: number;
  /** Absent while the process has no file descriptor left, which Node needs to tell it. */
  readonly arrayBuffersBytes?: number;
  /** Used bytes of each space of the heap, by its name in V8. */
  readonly spaces: Readonly<Record<string, number>>;
  /** More than a few mean that code of the host leaks contexts. */
  readonly detachedContexts: number;
}

/** Measures the process. Costs well under a millisecond. */
export function memorySnapshot(): MemorySnapshot {
  const {
    total_heap_size: heapTotalBytes,
    external_memory: externalBytes,
    number_of_detached_contexts: detachedContexts,
  } = getHeapStatistics();
  return {
    ...memoryUse(),
    heapTotalBytes,
    externalBytes,
    ...arrayBuffers(),
    spaces: Object.fromEntries(getHeapSpaceStatistics().map(({ space_name: name, space_used_size: bytes }) => [name, bytes])),
    detachedContexts,
  };
}

function arrayBuffers(): Pick<MemorySnapshot, 'arrayBuffersBytes'> {
  try {
    return { arrayBuffersBytes: process.memoryUsage().arrayBuffers };
  } catch {
    return {};
  }
}

/** How many handles and requests of each kind keep the process busy. */
export function activeResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
