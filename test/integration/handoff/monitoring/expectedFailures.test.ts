import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let fixture: HandoffFixture;
let services: HandoffServices;
beforeAll(async () => {
  fixture = await handoffFixture();
});
beforeEach(async () => {
  const cache = await createMemoryCache({ maxEntries: 10, maxBytes: 1000 }, { clock: systemClock });
  services = createHandoffServices({ database: fixture.database, cache, log });
});
afterAll(() => fixture.dispose());

/** Runs `fn` while somebody else has a lock on a table. */
function whileLocked<T>(table: string, mode: string, fn: () => Promise<T>): Promise<T> {
  return fixture.database.transaction(async (q) => {
    await q.query({ name: `test_lock_${table}`, text: `LOCK TABLE ${table} IN ${mode} MODE` });
    return fn();
  });
}

it('finds the database well after a maintenance of partitions that somebody held up', { timeout: 20_000 }, async () => {
  await fixture.sql("SELECT handoff_create_monthly_partitions('system_metrics', now() - interval '13 months', now())");
  const { postponed } = await whileLocked('system_metrics', 'ACCESS SHARE', () => services.retention.maintainPartitions());
  expect(postponed).toBe(1);
  expect(await services.monitoring.checkDatabaseHealth()).toMatchObject({ status: 'healthy' });
});

it('finds the database well after recommendations that do without what took too long', { timeout: 30_000 }, async () => {
  const { unavailableFacts } = await whileLocked('system_events', 'ACCESS EXCLUSIVE', () => services.analytics.generateRecommendations());
  expect(unavailableFacts).toContainEqual({ fact: 'alerts', reason: 'The database took longer than 3 s to tell.' });
  expect(await services.monitoring.checkDatabaseHealth()).toMatchObject({ status: 'healthy' });
});
