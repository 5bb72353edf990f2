import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { systemClock } from '../../../../src/time/clock.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import { openDatabase, sql } from '../storage/openDatabase.js';

/** A database that is killed under a server that measures itself. */

const machine = { clock: systemClock, random: Math.random };
const records: Record<string, unknown>[] = [];
const level = (fields: object): unknown => records.push(fields as Record<string, unknown>);

let server: ThrowawayServer;
let database: Database;
let services: HandoffServices;
beforeAll(async () => {
  server = await startThrowawayPostgres();
  database = await openDatabase(server.url, { poolSize: 8, connectRetryMs: 500 });
  await migrate(database, {}, machine);
  services = createHandoffServices({
    database,
    cache: await createMemoryCache({ maxEntries: 10, maxBytes: 1000 }, machine),
    log: { info: level, warn: level, error: level },
    monitoring: { healthCheckInterval: 1000, metricsCollectionInterval: 1000 },
  });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

it('is told, and nothing that was measured meanwhile is lost or doubled', { timeout: 90_000 }, async () => {
  const { monitoring } = services;
  const stateOfDatabase = async (): Promise<string | undefined> =>
    (await monitoring.healthReport()).results.find(({ name }) => name === 'database')?.status;
  let runs = 0;
  monitoring.start();
  const work = setInterval(() => {
    monitoring.recordPerformanceMetrics('work', { duration: 5, success: true });
    runs += 1;
  }, 20);
  await expect.poll(stateOfDatabase).toBe('healthy');
  await server.kill9();
  await expect.poll(stateOfDatabase).toBe('unhealthy');
  const before = runs;
  await expect.poll(() => runs).toBeGreaterThan(before + 100);
  await server.start();
  await expect.poll(stateOfDatabase).toBe('healthy');
  clearInterval(work);
  const written = async (): Promise<number> => {
    const [row] = await sql<{ runs: number }>(
      database,
      "SELECT coalesce(sum((metadata ->> 'count')::int), 0)::int AS runs FROM performance_logs WHERE operation = 'work'",
    );
    return row?.runs ?? 0;
  };
  await expect.poll(written).toBe(runs);
  await monitoring.stop();
  expect(await written()).toBe(runs);
  const states = records
    .filter((record) => record['event.name'] === 'handoff.health.changed' && record['handoff.component.name'] === 'database')
    .map((record) => record['handoff.component.state'])
    // On a busy machine it may be slow before.
    .filter((state) => state !== 'degraded');
  expect(states).toContain('unhealthy');
  expect(states.at(-1)).toBe('healthy');
});
