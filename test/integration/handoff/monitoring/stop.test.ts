import { expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';

it('calls that end while the server stops are measured and written', async () => {
  const fixture = await handoffFixture();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { database, cache } = fixture;
  const services = createHandoffServices({ database, cache, log, jobs: { enabled: false } });
  services.start();
  await expect.poll(() => services.monitoring.getSystemMetrics().sessions.active).toBe(0);
  const drained = Promise.withResolvers<void>();
  const stopped = services.stop(1000, drained.promise);
  await new Promise((resolve) => setTimeout(resolve, 300));
  services.monitoring.recordPerformanceMetrics('last_call', { duration: 5, success: true });
  drained.resolve();
  await stopped;
  expect(await fixture.sql("SELECT operation FROM performance_logs WHERE operation = 'last_call'")).toEqual([{ operation: 'last_call' }]);
  await fixture.dispose();
});
