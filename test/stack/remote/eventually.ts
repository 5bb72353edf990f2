import { setTimeout as wait } from 'node:timers/promises';

export interface Patience {
  /** How long to go on trying. */
  readonly forMs: number;
  readonly everyMs: number;
}

/** Tries until `attempt` does not throw, and resolves with what it returned; rejects with its last failure when the time is over. */
export async function eventually<T>({ forMs, everyMs }: Patience, attempt: () => Promise<T>): Promise<T> {
  const endMs = performance.now() + forMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= endMs) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${message} (tried for ${Math.round(forMs / 1000)} s)`, { cause: error });
      }
    }
    await wait(everyMs);
  }
}

/**
 * Tries each item until it succeeds, all of them in turns and against one clock, so that what waits for the same thing waits once.
 * Resolves with the last failure of each item, `undefined` for one that succeeded.
 */
export async function eventuallyAll<T>(
  { forMs, everyMs }: Patience,
  items: readonly T[],
  attempt: (item: T) => Promise<void>,
): Promise<ReadonlyMap<T, Error | undefined>> {
  const endMs = performance.now() + forMs;
  const failures = new Map<T, Error | undefined>();
  let left = items;
  for (;;) {
    const failed: T[] = [];
    for (const item of left) {
      try {
        await attempt(item);
        failures.set(item, undefined);
      } catch (error) {
        failures.set(item, error instanceof Error ? error : new Error(String(error)));
        failed.push(item);
      }
    }
    if (failed.length === 0 || performance.now() >= endMs) return failures;
    left = failed;
    await wait(everyMs);
  }
}
