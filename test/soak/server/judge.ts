import type { Reading } from './sample.js';
import { lineThrough } from './slope.js';
import type { Line } from './slope.js';

/** What one call may leave for ever, in bytes: a million of them would leave 8 MB. */
const MOST_BYTES_PER_CALL = 8;
/** What all calls of a short run may leave: code is still compiled, and what is bounded still fills. */
const MOST_BYTES = 2 * 1024 * 1024;
/** Standard errors that a slope must be away from what is allowed before it counts. */
const ERRORS = 3;

export interface Verdict {
  readonly heap: Line;
  readonly external: Line;
  /** What a call may leave before it counts as a leak. */
  readonly mostBytesPerCall: number;
  /** Whole sentences; empty when nothing leaks, and it could have been seen. */
  readonly problems: readonly string[];
}

/** Judges readings of a server that was warm at the first of them. */
export function judge(readings: readonly Reading[]): Verdict {
  const heap = lineThrough(readings.map(({ calls, heapBytes }) => ({ x: calls, y: heapBytes })));
  const external = lineThrough(readings.map(({ calls, externalBytes }) => ({ x: calls, y: externalBytes })));
  const calls = (readings.at(-1)?.calls ?? 0) - (readings[0]?.calls ?? 0);
  const mostBytesPerCall = Math.max(MOST_BYTES_PER_CALL, MOST_BYTES / calls);
  return {
    heap,
    external,
    mostBytesPerCall,
    problems: [
      ...grown('The heap', heap, mostBytesPerCall),
      ...grown('Memory outside of the heap', external, mostBytesPerCall),
      ...changed(
        'handles',
        readings.map(({ handles }) => handles),
      ),
      ...changed(
        'listeners',
        readings.map(({ listeners }) => listeners),
      ),
    ],
  };
}

function grown(what: string, { slope, slopeError }: Line, mostBytesPerCall: number): string[] {
  const isSure = slope - ERRORS * slopeError > 0;
  if (!isSure && ERRORS * slopeError > mostBytesPerCall)
    return [`${what} goes up and down too much to tell a leak (standard error ${slopeError.toFixed(1)} bytes a call): make more calls.`];
  if (!isSure || slope <= mostBytesPerCall) return [];
  return [`${what} grows by ${slope.toFixed(1)} bytes with each call (standard error ${slopeError.toFixed(1)}).`];
}

/** What is more at the end than it ever was in the first half has grown; one more or less at a moment has not. */
function changed(what: string, counts: readonly Readonly<Record<string, number>>[]): string[] {
  const names = [...new Set(counts.flatMap((count) => Object.keys(count)))];
  const half = Math.ceil(counts.length / 2);
  return names.flatMap((name) => {
    const of = (part: typeof counts): number[] => part.map((count) => count[name] ?? 0);
    const before = Math.max(...of(counts.slice(0, half)));
    const after = Math.min(...of(counts.slice(half)));
    return after > before ? [`There are more ${what} of ${name}: ${before} before, ${after} and more after.`] : [];
  });
}
