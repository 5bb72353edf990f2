import { afterAll, expect, it } from 'vitest';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { systemClock } from '../../../../src/time/clock.js';
import { createScratch } from '../storage/embedded/scratch.js';
import { sql, systemDeps } from '../storage/openDatabase.js';

/** The same on the embedded database: its functions, its triggers, its sizes. */

const scratch = createScratch();
afterAll(() => scratch.cleanUp());

it('policies, holds, erasure, partitions and the report work on the embedded database', async () => {
  const database = await scratch.open(await scratch.folder());
  await migrate(database, {}, systemDeps);
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const cache = await createMemoryCache({}, { clock: systemClock });
  const { sessions, retention } = createHandoffServices({ database, cache, log: silent });
  const { session } = await sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {}, retentionPolicy: 'short' });

  const short = { name: 'short', activeSessionTtl: 2, archivedSessionTtl: 7, logRetentionDays: 3, metricsRetentionDays: 7 };
  expect(await retention.updatePolicy(short, 'ann')).toMatchObject({ kind: 'changed', sessionsChanged: 1, pending: false });
  expect(await sql(database, 'SELECT ttl_hours FROM sessions')).toEqual([{ ttl_hours: 2 }]);

  await sql(database, "SELECT handoff_create_monthly_partitions('performance_logs', now() - interval '4 months', now())");
  await sql(
    database,
    "INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('old', 1, true, now() - interval '4 months')",
  );
  const maintained = await retention.maintain();
  expect(maintained).toMatchObject({ made: 0, postponed: 0, sessionsChanged: 0, nearLimit: false });
  expect(maintained.dropped.length).toBeGreaterThanOrEqual(2);
  expect(maintained.totalBytes).toBeGreaterThan(1_000_000);
  expect(await sql(database, 'SELECT FROM performance_logs')).toEqual([]);

  await retention.hold({ sessionKey: 'k' }, 'case 7', 'ann');
  expect(await sql(database, 'DELETE FROM sessions RETURNING id')).toEqual([]);
  await expect(retention.erase({ sessionKey: 'k' }, 'ann')).rejects.toMatchObject({ code: 'HANDOFF_LEGAL_HOLD' });
  await retention.release({ sessionKey: 'k' }, 'ann');
  expect(await retention.erase({ sessionKey: 'k' }, 'ann')).toMatchObject({
    kind: 'erased',
    sessionId: session.id,
    deleted: { contextEntries: 1 },
  });
  expect(await sql(database, 'SELECT FROM context_history')).toEqual([]);
}, 120_000);
