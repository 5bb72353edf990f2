import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

/** `performance_monitoring_view` where an earlier server has left one. */

const earlier = readFileSync(new URL('./earlierSchema.sql', import.meta.url), 'utf8');

let fresh: FreshDatabase;
let database: Database;
beforeEach(async () => {
  fresh = await freshDatabase();
  database = await openDatabase(fresh.url, { poolSize: 2 });
  await sql(database, earlier);
});
afterEach(async () => {
  await database.close();
  await fresh.drop();
});

async function warnings(): Promise<string[]> {
  const found: string[] = [];
  await migrate(database, {}, { ...systemDeps, onWarning: (warning) => void found.push(warning) });
  return found.filter((warning) => warning.includes('performance_monitoring_view'));
}

it('keeps its options and those who may read it, and counts what summaries stand for', async () => {
  await sql(
    database,
    'ALTER VIEW performance_monitoring_view SET (security_invoker = true); GRANT SELECT ON performance_monitoring_view TO PUBLIC',
  );
  expect(await warnings()).toEqual([]);
  await sql(
    database,
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata) VALUES
       ('handoff', 4, true, '{"kind": "summary", "count": 80, "sumMs": 320, "maxMs": 400}')`,
  );
  const query = `SELECT calls::int AS calls, avg_duration_ms::float8 AS avg, max_duration_ms::float8 AS max
    FROM performance_monitoring_view WHERE operation = 'handoff'`;
  expect(await sql(database, query)).toEqual([{ calls: 100, avg: 5.2, max: 400 }]);
  expect(
    await sql(
      database,
      `SELECT reloptions::text AS options, has_table_privilege('public', oid, 'SELECT') AS open FROM pg_class
       WHERE relname = 'performance_monitoring_view'`,
    ),
  ).toEqual([{ options: '{security_invoker=true}', open: true }]);
});

it('keeps one with other columns under another name, and says so', async () => {
  await sql(
    database,
    `DROP VIEW performance_monitoring_view;
     CREATE VIEW performance_monitoring_view AS SELECT operation, success FROM performance_logs`,
  );
  expect(await warnings()).toEqual([expect.stringContaining('it is now performance_monitoring_view_earlier')]);
  expect(await sql(database, "SELECT calls::int AS calls FROM performance_monitoring_view WHERE operation = 'handoff'")).toEqual([
    { calls: 20 },
  ]);
  expect(await sql(database, 'SELECT count(*)::int AS rows FROM performance_monitoring_view_earlier')).toEqual([{ rows: 20 }]);
});
