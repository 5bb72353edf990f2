import type { Reading } from './sample.js';
import { lineThrough } from './slope.js';
import type { Line } from './slope.js';

/** What one call may leave for ever, in bytes: a million of them would leave 8 MB. */
export const MOST_BYTES_PER_CALL = 8;
/** Standard errors that a slope must be away from what is allowed before it counts. */
const ERRORS = 3;

export interface Verdict {
  readonly heap: Line;
  readonly external: Line;
  /** Whole sentences; empty when nothing leaks. */
  readonly problems: readonly string[];
}

/** Judges readings of a server that was warm at the first of them. */
export function judge(readings: readonly Reading[]): Verdict {
  const heap = lineThrough(readings.map(({ calls, heapBytes }) => ({ x: calls, y: heapBytes })));
  const external = lineThrough(readings.map(({ calls, externalBytes }) => ({ x: calls, y: externalBytes })));
  return {
    heap,
    external,
    problems: [
      ...grown('The heap', heap),
      ...grown('Memory outside of the heap', external),
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

function grown(what: string, { slope, slopeError }: Line): string[] {
  if (slope - ERRORS * slopeError <= 0 || slope <= MOST_BYTES_PER_CALL) return [];
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
