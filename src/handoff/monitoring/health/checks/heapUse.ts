import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

/** What of the heap lives on, and what V8 allows it; in bytes. */
export interface HeapUse {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

const MIB = 1_048_576;
/** V8 takes both spellings. The last one counts. */
const OLD_SPACE = /--max[-_]old[-_]space[-_]size=(\d+)/g;
const YOUNG: readonly string[] = ['new_space', 'new_large_object_space'];

/**
 * Returns the limit of the old objects in bytes. `heap_size_limit` of V8 has room for young objects in it, which old ones cannot take: 192
 * MiB with Node 24, so that a process with `--max-old-space-size=512` ends at 73 % of it. Where no such size is given, V8's own choice is 4
 * GiB on most machines, and the difference small.
 *
 * @param flags the flags of Node in the order in which they apply: those of `NODE_OPTIONS` first
 */
export function oldSpaceLimitBytes(heapSizeLimitBytes: number, flags: readonly string[]): number {
  const given = [...flags.join(' ').matchAll(OLD_SPACE)].at(-1)?.[1];
  const limitBytes = Number(given ?? 0) * MIB;
  return limitBytes > 0 && limitBytes < heapSizeLimitBytes ? limitBytes : heapSizeLimitBytes;
}

/** Measures the heap of this process. Young objects are left out: most of them are garbage, and how many there are says nothing. */
export function heapUse(): HeapUse {
  const { used_heap_size: usedBytes, heap_size_limit: heapSizeLimitBytes } = getHeapStatistics();
  const youngBytes = getHeapSpaceStatistics()
    .filter(({ space_name: name }) => YOUNG.includes(name))
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
  const flags = [process.env['NODE_OPTIONS'] ?? '', ...process.execArgv];
  return { usedBytes: usedBytes - youngBytes, limitBytes: oldSpaceLimitBytes(heapSizeLimitBytes, flags) };
}
