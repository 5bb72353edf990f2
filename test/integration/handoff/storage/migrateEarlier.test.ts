import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { type FreshDatabase, freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

const everything = readFileSync(new URL('./earlierSchema.sql', import.meta.url), 'utf8');
const [baseOnly = ''] = everything.split('-- BASE ENDS HERE');
const firstKey = 'earlier-1';

describe("an earlier server's database", () => {
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
  const one = async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row | undefined> =>
    (await sql<Row>(database, text, values))[0];
  const all = (): Promise<unknown> => migrate(database, {}, systemDeps);

  it('keeps every row and every earlier column value', async () => {
    await sql(database, everything);
    const before = await one('SELECT * FROM sessions WHERE session_key = $1', [firstKey]);
    await all();
    expect(await one('SELECT * FROM sessions WHERE session_key = $1', [firstKey])).toEqual({
      ...before,
      last_sequence_number: 0,
      ttl_hours: 24,
      dormancy_check_at: -Infinity,
    });
    expect(
      await one(`SELECT (SELECT count(*)::int FROM sessions) AS sessions, (SELECT count(*)::int FROM context_history) AS entries,
        (SELECT count(*)::int FROM session_lifecycle) AS lifecycle, (SELECT count(*)::int FROM system_metrics) AS metrics,
        (SELECT count(*)::int FROM performance_logs) AS logs`),
    ).toEqual({ sessions: 20, entries: 60, lifecycle: 20, metrics: 100, logs: 20 });
    expect(await sql(database, "SELECT aggregation_data->'calls' AS calls FROM analytics_aggregations ORDER BY time_bucket")).toEqual([
      { calls: 9 },
      { calls: 4 },
    ]);
    expect(await all()).toEqual({ applied: [] });
  });

  it('takes over its log tables as the oldest partitions and gives others a fraction of a millisecond', async () => {
    await sql(database, everything);
    await all();
    const partitions = await sql<{ name: string }>(
      database,
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE c.relkind = 'r' ORDER BY 1",
    );
    expect(partitions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['session_lifecycle_earlier', 'system_metrics_earlier', 'performance_logs_default']),
    );
    expect(await one("SELECT to_regclass('performance_logs_earlier') AS rest")).toEqual({ rest: null });
    await sql(database, "INSERT INTO performance_logs (operation, duration_ms, success) VALUES ('quick', 0.25, true)");
    expect(await one("SELECT duration_ms FROM performance_logs WHERE operation = 'quick'")).toEqual({ duration_ms: 0.25 });
    expect(await one('SELECT count(*)::int AS n FROM performance_logs_default')).toEqual({ n: 0 });
  });

  it('attaches them without reading their rows under the lock', async () => {
    await sql(database, everything);
    const notices: string[] = [];
    await sql(database, `ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} SET client_min_messages = debug1`);
    const chatty = await openDatabase(fresh.url, { poolSize: 1 });
    chatty.pool.on('connect', (client) => client.on('notice', ({ message }) => void notices.push(message ?? '')));
    await migrate(chatty, {}, systemDeps);
    await chatty.close();
    for (const table of ['session_lifecycle_earlier', 'system_metrics_earlier']) {
      expect(notices).toContain(`partition constraint for table "${table}" is implied by existing constraints`);
      expect(notices.filter((notice) => notice.startsWith('building index') && notice.includes(`"${table}"`))).toEqual([]);
      expect(notices.filter((notice) => notice === `verifying table "${table}"`)).toEqual([]);
    }
    expect(notices.filter((notice) => notice.startsWith('rewriting table'))).toEqual([]);
  });

  it('loses the triggers that restarted the idle clock and wrote events twice, and keeps updated_at', async () => {
    await sql(database, everything);
    await all();
    const triggers = await sql<{ tgname: string }>(
      database,
      "SELECT tgname FROM pg_trigger WHERE tgrelid = 'sessions'::regclass AND NOT tgisinternal",
    );
    expect(triggers.map(({ tgname }) => tgname).sort()).toEqual([
      'handoff_late_row',
      'handoff_other_policy',
      'handoff_reopened',
      'handoff_restored_facts',
      'handoff_sessions_hold',
      'handoff_sessions_past_agent',
      'handoff_sessions_rollup',
      'sessions_updated_at',
    ]);
    const [before] = await sql<{ idle: Date }>(database, 'SELECT last_activity_at AS idle FROM sessions WHERE session_key = $1', [
      firstKey,
    ]);
    await sql(database, 'UPDATE sessions SET is_dormant = true WHERE session_key = $1', [firstKey]);
    expect(
      await one('SELECT last_activity_at AS idle, updated_at > created_at AS touched FROM sessions WHERE session_key = $1', [firstKey]),
    ).toEqual({ ...before, touched: true });
    expect(await one("SELECT count(*)::int AS n FROM session_lifecycle WHERE event_type = 'dormant'")).toEqual({ n: 0 });
  });

  it('sets updated_at itself where the trigger that did it also restarted the idle clock', async () => {
    await sql(database, everything);
    await sql(database, 'DROP TRIGGER sessions_updated_at ON sessions');
    await sql(
      database,
      "CREATE OR REPLACE FUNCTION touch_session() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at = now(); NEW.last_activity_at = now(); RETURN NEW; END'",
    );
    await all();
    await sql(database, 'UPDATE sessions SET is_dormant = true WHERE session_key = $1', [firstKey]);
    expect(await one('SELECT updated_at > created_at AS touched FROM sessions WHERE session_key = $1', [firstKey])).toEqual({
      touched: true,
    });
  });

  it("still takes the earlier server's statements, and lets a session with logs be purged", async () => {
    await sql(database, everything);
    await all();
    const session = await one<{ id: string }>(
      "INSERT INTO sessions (session_key, agent_from, metadata) VALUES ('written-later', 'a', '{}') RETURNING id",
    );
    await sql(
      database,
      "INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes) SELECT $1, COALESCE(MAX(sequence_number), 0) + 1, 'message', 'c', '{}', 1 FROM context_history WHERE session_id = $1",
      [session?.id],
    );
    await sql(database, "INSERT INTO session_lifecycle (session_id, event_type, event_data) VALUES ($1, 'created', '{}')", [session?.id]);
    await sql(
      database,
      "INSERT INTO performance_logs (operation, duration_ms, success, session_id, metadata) VALUES ('handoff', 12, true, $1, '{}')",
      [session?.id],
    );
    await sql(database, "INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels) VALUES ('m', 1.5, 'gauge', '{}')");
    await sql(
      database,
      "INSERT INTO analytics_aggregations (aggregation_type, time_bucket, aggregation_data) VALUES ('daily', now(), '{}')",
    );
    await sql(database, 'DELETE FROM sessions WHERE id = $1', [session?.id]);
    expect(
      await one(
        'SELECT (SELECT count(*)::int FROM context_history WHERE session_id = $1) AS entries, (SELECT count(*)::int FROM session_lifecycle WHERE session_id = $1) AS events',
        [session?.id],
      ),
    ).toEqual({ entries: 0, events: 1 });
  });

  it('gets its views back over the new tables, with the same answers and grants', async () => {
    const role = `reader_${new URL(fresh.url).pathname.slice(-8)}`;
    await sql(database, everything);
    await sql(database, `CREATE ROLE ${role}`);
    try {
      await sql(
        database,
        `GRANT SELECT ON performance_logs, session_lifecycle, performance_monitoring_view, session_monitoring_view TO ${role}`,
      );
      const views = ['SELECT * FROM performance_monitoring_view', "SELECT * FROM session_monitoring_view WHERE session_key = 'earlier-1'"];
      const read = (): Promise<(Record<string, unknown> | undefined)[]> =>
        Promise.all(views.map((text) => one<Record<string, unknown>>(text)));
      const [performanceBefore, { hours_since_activity: hoursBefore, ...sessionBefore } = {}] = await read();
      await all();
      const [performance, { hours_since_activity: hours, ...session } = {}] = await read();
      // The integer has become a numeric: durations have fractions now.
      expect({ ...performance, max_duration_ms: Number(performance?.['max_duration_ms']) }).toEqual(performanceBefore);
      // The same columns in the same order, and some behind them.
      expect(Object.entries(session).slice(0, Object.keys(sessionBefore).length)).toEqual(Object.entries(sessionBefore));
      expect(Number(hours) - Number(hoursBefore)).toBeGreaterThan(0);
      expect(Number(hours) - Number(hoursBefore)).toBeLessThan(0.1);
      for (const relation of ['performance_logs', 'session_lifecycle', 'performance_monitoring_view', 'session_monitoring_view']) {
        expect(await one('SELECT has_table_privilege($1, $2, $3) AS may', [role, relation, 'SELECT']), relation).toEqual({ may: true });
      }
    } finally {
      await sql(database, `DROP OWNED BY ${role}`);
      await sql(database, `DROP ROLE ${role}`);
    }
  });

  it('is migrated from the base tables alone as well', async () => {
    await sql(database, baseOnly);
    await all();
    expect(
      await one('SELECT count(*)::int AS sessions, bool_and(NOT is_dormant AND retention_policy = $1) AS filled FROM sessions', [
        'standard',
      ]),
    ).toEqual({ sessions: 20, filled: true });
    expect(
      await one(
        "SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'context_history'::regclass AND attname = 'processing_time_ms'",
      ),
    ).toEqual({ type: 'double precision' });
    expect(await all()).toEqual({ applied: [] });
  });

  it('keeps rows of a log table that has other columns beside the new one', async () => {
    await sql(database, everything);
    await sql(database, 'ALTER TABLE system_metrics ADD COLUMN host text');
    await all();
    expect(
      await one(
        'SELECT (SELECT count(*)::int FROM system_metrics_earlier) AS kept, (SELECT count(*)::int FROM system_metrics) AS attached',
      ),
    ).toEqual({ kept: 100, attached: 0 });
  });
});
