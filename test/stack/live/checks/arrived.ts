import { setTimeout as wait } from 'node:timers/promises';
import { PACE } from '../timing.js';

/** Longer than an export and a scrape take. */
const ARRIVAL_MS = 20_000 * PACE;

/** Tries until `check` throws no more, or for so long that it always will. */
export async function arrived<T>(check: () => Promise<T>, forMs = ARRIVAL_MS): Promise<T> {
  const deadline = performance.now() + forMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(250);
  }
}
