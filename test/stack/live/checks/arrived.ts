import { setTimeout as wait } from 'node:timers/promises';

/** Longer than an export and a scrape take. */
const ARRIVAL_MS = 20_000;

/** Tries until `check` throws no more, or for so long that it always will. */
export async function arrived<T>(check: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + ARRIVAL_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(250);
  }
}
