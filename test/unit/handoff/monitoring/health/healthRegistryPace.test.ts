import { expect, it } from 'vitest';
import { unhealthy } from '../../../../../src/handoff/monitoring/health/finding.js';
import type { HealthCheck } from '../../../../../src/handoff/monitoring/health/finding.js';
import { HealthRegistry } from '../../../../../src/handoff/monitoring/health/healthRegistry.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

/** One part that is never healthy, and how often it was looked at. */
function watched(intervalMs: number, recheckMs: number) {
  const clock = new FakeClock();
  let runs = 0;
  const check: HealthCheck = {
    name: 'database',
    isCritical: true,
    adviceWhenSlow: 'Look at it.',
    run: async () => {
      runs += 1;
      return unhealthy('read_only', 'Use the primary.');
    },
  };
  const registry = new HealthRegistry({ checks: [check], clock, intervalMs, recheckMs, timeoutMs: 2000, onResult: () => undefined });
  return { clock, registry, runs: () => runs };
}

it('looks again after it was stopped and started anew', async () => {
  const { clock, registry, runs } = watched(30_000, 5000);
  registry.start();
  await clock.advance(0);
  registry.stop();
  registry.start();
  await clock.advance(0);
  expect(runs()).toBe(2);
  registry.stop();
});

it('never looks less often at what is not healthy, however short the interval is', async () => {
  const { clock, registry, runs } = watched(1000, 5000);
  registry.start();
  await clock.advance(5000);
  expect(runs()).toBe(6);
  registry.stop();
});
