import { expect, it } from 'vitest';
import { dueInMs, isDueAtStart } from '../../../../src/handoff/jobs/due.js';

const config = { name: 'swept', intervalMs: 3_600_000, enabled: true, maxRetries: 0, retryDelayMs: 0 };

it('the next run is an interval after the last began, and now if there was none', () => {
  expect([undefined, 0, 3_000_000, 4_000_000].map((since) => dueInMs(config, since))).toEqual([0, 3_600_000, 600_000, -400_000]);
});

it('a start is one for all replicas that start within a minute', () => {
  expect([undefined, 0, 59_999, 60_000].map((since) => isDueAtStart(config, since))).toEqual([true, false, false, true]);
  expect(isDueAtStart({ ...config, enabled: false }, undefined)).toBe(false);
  expect([9999, 10_000].map((since) => isDueAtStart({ ...config, intervalMs: 10_000 }, since))).toEqual([false, true]);
});
