import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database, Queryable } from '../../../../src/handoff/storage/database.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createHistoryTable } from '../../../../src/handoff/storage/migrate/applyMigration.js';
import { readMigrations } from '../../../../src/handoff/storage/migrate/migrationFiles.js';
import { packagedMigrations } from '../../../../src/handoff/storage/migrate/packagedMigrations.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { systemClock } from '../../../../src/time/clock.js';

/** The same on the embedded database, without its folder and its socket: functions, triggers, locks and sizes. */

let backend: PGlite;
beforeAll(async () => {
  backend = await PGlite.create();
  await backend.exec(createHistoryTable);
  for (const { text, inTransaction } of await readMigrations(packagedMigrations()))
    await backend.exec(inTransaction ? `BEGIN;\n${text}\nCOMMIT;` : text);
}, 120_000);
afterAll(() => backend.close());

const sql = async (text: string): Promise<unknown[]> => (await backend.query(text)).rows;

type Run = <Row extends object>(text: string, values: unknown[]) => Promise<{ readonly rows: Row[] }>;

function embedded(): Database {
  const on = (run: Run): Queryable => ({
    query: async <Row extends object>({ text }: { readonly text: string }, values: readonly unknown[] = []) =>
      (await run<Row>(text, [...values])).rows,
  });
  return {
    kind: 'embedded',
    ...on((text, values) => backend.query(text, values)),
    transaction: (fn) => backend.transaction((open) => fn(on((text, values) => open.query(text, values)))),
    get pool(): never {
      throw new Error('there is no pool');
    },
    close: () => Promise.resolve(),
  };
}

it('policies, holds, erasure, partitions and the report work on the embedded database', async () => {
  const database = embedded();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const cache = await createMemoryCache({}, { clock: systemClock });
  const { sessions, retention } = createHandoffServices({ database, cache, log: silent });
  const { session } = await sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {}, retentionPolicy: 'short' });

  const short = { name: 'short', activeSessionTtl: 2, archivedSessionTtl: 7, logRetentionDays: 3, metricsRetentionDays: 7 };
  expect(await retention.updatePolicy(short, 'ann')).toMatchObject({ kind: 'changed', sessionsChanged: 1, pending: false });
  expect(await sql('SELECT ttl_hours FROM sessions')).toEqual([{ ttl_hours: 2 }]);

  await sql("SELECT handoff_create_monthly_partitions('performance_logs', now() - interval '4 months', now())");
  await sql(
    "INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('old', 1, true, now() - interval '4 months')",
  );
  const maintained = await retention.maintain();
  expect(maintained).toMatchObject({ made: 0, postponed: 0, sessionsChanged: 0, nearLimit: false });
  expect(maintained.dropped.length).toBeGreaterThanOrEqual(2);
  expect(maintained.totalBytes).toBeGreaterThan(1_000_000);
  expect(await sql('SELECT FROM performance_logs')).toEqual([]);

  await retention.hold({ sessionKey: 'k' }, 'case 7', 'ann');
  expect(await sql('DELETE FROM sessions RETURNING id')).toEqual([]);
  await expect(retention.erase({ sessionKey: 'k' }, 'ann')).rejects.toMatchObject({ code: 'HANDOFF_LEGAL_HOLD' });
  await retention.release({ sessionKey: 'k' }, 'ann');
  expect(await retention.erase({ sessionKey: 'k' }, 'ann')).toMatchObject({
    kind: 'erased',
    sessionId: session.id,
    deleted: { contextEntries: 1 },
  });
  expect(await sql('SELECT FROM context_history')).toEqual([]);
});
