import { spread } from './statistics.js';

const US_PER_MS = 1000;

/** Microseconds for each call of an asynchronous function, made one after the other, with `calls` of them between looks at the clock. */
export async function usPerCall(call: () => Promise<unknown>, calls: number, durationMs: number): Promise<number> {
  const startMs = performance.now();
  let done = 0;
  while (performance.now() - startMs < durationMs) {
    for (let index = 0; index < calls; index += 1) await call();
    done += calls;
  }
  return ((performance.now() - startMs) * US_PER_MS) / done;
}

/** A row of a table of such costs: median, least and most of the rounds. */
export function costRow(name: string, us: readonly number[]): string[] {
  const { min, median, max } = spread(us);
  return [name, median.toFixed(2), `${min.toFixed(2)} – ${max.toFixed(2)}`];
}
