import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

/** `session_monitoring_view`, on a new database and where an earlier server has left one. */

const earlier = readFileSync(new URL('./earlierSchema.sql', import.meta.url), 'utf8');

let fresh: FreshDatabase;
let database: Database;
beforeEach(async () => {
  fresh = await freshDatabase();
  database = await openDatabase(fresh.url, { poolSize: 2 });
});
afterEach(async () => {
  await database.close();
  await fresh.drop();
});

async function warnings(): Promise<string[]> {
  const found: string[] = [];
  await migrate(database, {}, { ...systemDeps, onWarning: (warning) => void found.push(warning) });
  return found.filter((warning) => warning.includes('session_monitoring_view'));
}

it('shows the state of each session, also of one in the archive, and when it expires and is deleted', async () => {
  expect(await warnings()).toEqual([]);
  await sql(
    database,
    `INSERT INTO sessions (id, session_key, agent_from, status, expires_at, ttl_hours, last_activity_at, is_dormant, archived_at) VALUES
       ('00000000-0000-4000-8000-000000000001', 'live', 'a', 'active', '2030-01-02Z', 24, '2030-01-01 12:00Z', false, NULL),
       ('00000000-0000-4000-8000-000000000002', 'resting', 'a', 'active', '2030-01-02Z', NULL, '2030-01-01 12:00Z', true, NULL),
       ('00000000-0000-4000-8000-000000000003', 'cold', 'a', 'expired', '2030-01-02Z', 24, '2030-01-01Z', true, '2030-02-01Z');
     INSERT INTO session_archives (session_id, object_key, store, location, sha256, stored_bytes, content_bytes, entry_count, snapshot_count, handoff_count)
       VALUES ('00000000-0000-4000-8000-000000000003', 'o', 'files', '/', 'x', 77, 1, 5, 0, 2);
     INSERT INTO session_holds (session_id, reason, placed_by) VALUES ('00000000-0000-4000-8000-000000000003', 'case 7', 'ann');
     INSERT INTO context_history (session_id, sequence_number, context_type, content) VALUES ('00000000-0000-4000-8000-000000000001', 1, 'message', 'x');
     INSERT INTO session_lifecycle (session_id, event_type, created_at) VALUES
       ('00000000-0000-4000-8000-000000000001', 'created', '2030-01-01Z'), ('00000000-0000-4000-8000-000000000001', 'dormant', '2030-01-02Z')`,
  );
  expect(
    await sql(
      database,
      `SELECT session_key AS key, state, expires_at AS expires, context_entries::int AS entries, handoff_requests::int AS handoffs,
         last_lifecycle_event AS event, on_hold AS held, archive_bytes::int AS bytes, purge_at
       FROM session_monitoring_view JOIN session_retention_view USING (id, session_key) ORDER BY id`,
    ),
  ).toEqual([
    {
      key: 'live',
      state: 'active',
      expires: new Date('2030-01-02T12:00Z'),
      entries: 1,
      handoffs: 0,
      event: 'dormant',
      held: false,
      bytes: null,
      purge_at: null,
    },
    {
      key: 'resting',
      state: 'dormant',
      expires: new Date('2030-01-02T00:00Z'),
      entries: 0,
      handoffs: 0,
      event: null,
      held: false,
      bytes: null,
      purge_at: null,
    },
    {
      key: 'cold',
      state: 'archived',
      expires: new Date('2030-01-02T00:00Z'),
      entries: 5,
      handoffs: 2,
      event: null,
      held: true,
      bytes: 77,
      purge_at: new Date('2030-03-03T00:00Z'),
    },
  ]);
});

it("replaces an earlier server's view in place, with its grants and the views above it", async () => {
  await sql(database, earlier);
  await sql(
    database,
    `ALTER VIEW session_monitoring_view SET (security_barrier = true, security_invoker = true);
     COMMENT ON VIEW session_monitoring_view IS 'mine';
     GRANT SELECT ON session_monitoring_view TO PUBLIC;
     CREATE VIEW above AS SELECT session_key, context_entries FROM session_monitoring_view`,
  );
  expect(await warnings()).toEqual([]);
  expect(await sql(database, "SELECT context_entries::int AS n FROM session_monitoring_view WHERE session_key = 'earlier-1'")).toEqual([
    { n: 3 },
  ]);
  expect(await sql(database, "SELECT context_entries::int AS n FROM above WHERE session_key = 'earlier-1'")).toEqual([{ n: 3 }]);
  expect(
    await sql(
      database,
      `SELECT has_table_privilege('public', oid, 'SELECT') AS open, reloptions AS options, obj_description(oid) AS comment
       FROM pg_class WHERE oid = 'session_monitoring_view'::regclass`,
    ),
  ).toEqual([{ open: true, options: ['security_barrier=true', 'security_invoker=true'], comment: 'mine' }]);
});

it('lets an earlier server make its view again, as it does whenever it starts', async () => {
  await sql(database, earlier);
  await migrate(database, {}, systemDeps);
  const [, definition = ''] = /CREATE VIEW (session_monitoring_view[^;]+;)/.exec(earlier) ?? [];
  await sql(database, `CREATE OR REPLACE VIEW ${definition}`);
  expect(await sql(database, "SELECT context_entries::int AS n FROM session_monitoring_view WHERE session_key = 'earlier-1'")).toEqual([
    { n: 3 },
  ]);
});

it('keeps a view with other columns under another name and says so; the view of performance logs goes on', async () => {
  await sql(database, earlier);
  await sql(
    database,
    `DROP VIEW session_monitoring_view;
     CREATE VIEW session_monitoring_view AS SELECT s.id, s.session_key, s.status, s.is_dormant, count(l.id) AS lifecycle_events
       FROM sessions s LEFT JOIN session_lifecycle l ON l.session_id = s.id GROUP BY s.id;
     GRANT SELECT ON session_monitoring_view TO PUBLIC;
     CREATE VIEW above AS SELECT session_key, lifecycle_events FROM session_monitoring_view`,
  );
  expect(await warnings()).toEqual([expect.stringContaining('it is now session_monitoring_view_earlier')]);
  expect(await sql(database, "SELECT lifecycle_events::int AS n FROM above WHERE session_key = 'earlier-1'")).toEqual([{ n: 1 }]);
  expect(await sql(database, "SELECT status FROM session_monitoring_view WHERE session_key = 'earlier-1'")).toEqual([{ status: 'active' }]);
  expect(
    await sql(
      database,
      `SELECT relname AS name, has_table_privilege('public', oid, 'SELECT') AS open FROM pg_class
       WHERE relname LIKE 'session_monitoring_view%' ORDER BY 1`,
    ),
  ).toEqual([
    { name: 'session_monitoring_view', open: false },
    { name: 'session_monitoring_view_earlier', open: true },
  ]);
  expect(await sql(database, "SELECT calls::int AS calls FROM performance_monitoring_view WHERE operation = 'handoff'")).toEqual([
    { calls: 20 },
  ]);
});
