import { expect } from 'vitest';

const SAMPLE_MS = 200;
/** No more, so that whatever waits for one of the ten-second time-outs there are still fails on the busiest machine. */
const MOST_TIMES = 4;

/**
 * Fails unless something took less than its own bound and what the machine adds to it: `slackMs` when nothing else runs, and up to four
 * times as much on a machine that is busy at the moment, where the same work takes as much longer.
 */
export function expectWithin(tookMs: number, boundMs: number, slackMs: number): void {
  if (tookMs < boundMs + slackMs) return;
  expect(tookMs).toBeLessThan(boundMs + slackMs * Math.min(slowness(), MOST_TIMES));
}

/** How many times as long work takes as it would if this process had a processor of its own. */
function slowness(): number {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  let usedMs = 0;
  while (usedMs < SAMPLE_MS) {
    const { user, system } = process.cpuUsage(before);
    usedMs = (user + system) / 1000;
  }
  return Math.max(1, (performance.now() - startedMs) / SAMPLE_MS);
}
