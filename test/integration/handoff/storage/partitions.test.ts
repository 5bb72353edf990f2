import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Statement } from '../../../../src/handoff/storage/database.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { type FreshDatabase, freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

describe('handoff_create_partitions', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await openDatabase(fresh.url);
    await migrate(database, {}, systemDeps);
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });
  const create = async (target: string, first: string, last: string): Promise<unknown> =>
    (await sql<{ made: number }>(database, 'SELECT handoff_create_monthly_partitions($1, $2, $3) AS made', [target, first, last]))[0]?.made;

  it('has this month and three more ready after migrating, and then makes none', async () => {
    expect(await sql(database, 'SELECT handoff_create_partitions() AS made')).toEqual([{ made: 0 }]);
    const [row] = await sql<{ n: number }>(
      database,
      "SELECT count(*)::int AS n FROM pg_class WHERE relname ~ '_y[0-9]{4}m[0-9]{2}$' AND relkind = 'r'",
    );
    expect(row).toEqual({ n: 12 });
  });

  it('cuts months in UTC, whatever the time zone of the connection', async () => {
    await database.transaction(async (q) => {
      await q.query({ name: 'test_zone', text: "SET LOCAL TIME ZONE 'Pacific/Auckland'" });
      await q.query({
        name: 'test_make',
        text: "SELECT handoff_create_monthly_partitions('system_metrics', '2031-03-31 23:59Z', '2031-03-31 23:59Z')",
      });
    });
    const [row] = await sql<{ bound: string }>(
      database,
      "SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relname = 'system_metrics_y2031m03'",
    );
    const [, from, to] = /FROM \('(.*)'\) TO \('(.*)'\)/.exec(row?.bound ?? '') ?? [];
    expect([from, to].map((bound) => new Date(bound ?? '').toISOString())).toEqual([
      '2031-03-01T00:00:00.000Z',
      '2031-04-01T00:00:00.000Z',
    ]);
  });

  it('moves rows that waited in the default partition', async () => {
    await sql(
      database,
      "INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('late', 1, true, '2032-05-10Z'), ('later', 1, true, '2032-07-10Z')",
    );
    expect(await create('performance_logs', '2032-05-01Z', '2032-06-15Z')).toBe(2);
    expect(
      await sql(
        database,
        "SELECT operation, tableoid::regclass::text AS place FROM performance_logs WHERE created_at > '2032-01-01Z' ORDER BY 1",
      ),
    ).toEqual([
      { operation: 'late', place: 'performance_logs_y2032m05' },
      { operation: 'later', place: 'performance_logs_default' },
    ]);
  });

  it('may be called by several replicas at once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => create('session_lifecycle', '2033-01-01Z', '2033-03-01Z')));
    expect(made.sort()).toEqual([0, 0, 0, 0, 3]);
  });

  it('refuses nothing that is written at the same time, whether its month waits in the default partition or not', async () => {
    const months = Array.from({ length: 12 }, (_, n) => `2034-${String(n + 1).padStart(2, '0')}-15Z`);
    const insert: Statement = {
      name: 'test_log',
      text: "INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('beside', 1, true, $1)",
    };
    const refused: unknown[] = [];
    let written = 0;
    let stop = false;
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let n = writer; !stop; n += 1) {
        try {
          await database.query(insert, [months[n % months.length]]);
          written += 1;
        } catch (error) {
          refused.push(error);
        }
      }
    });
    try {
      for (const month of months) {
        const before = written;
        await expect.poll(() => written, { interval: 2, timeout: 10_000 }).toBeGreaterThan(before + 20);
        expect(await create('performance_logs', month, month)).toBe(1);
      }
    } finally {
      stop = true;
      await Promise.all(writers);
    }
    expect(refused).toEqual([]);
    expect(await sql(database, "SELECT count(*)::int AS n FROM performance_logs WHERE operation = 'beside'")).toEqual([{ n: written }]);
    expect(await sql(database, "SELECT count(*)::int AS n FROM performance_logs_default WHERE operation = 'beside'")).toEqual([{ n: 0 }]);
  });
});

describe('the sessions table', () => {
  it('takes the update of every call without touching an index', async () => {
    const fresh = await freshDatabase();
    const database = await openDatabase(fresh.url, { poolSize: 1 });
    try {
      await migrate(database, {}, systemDeps);
      await sql(
        database,
        "INSERT INTO sessions (session_key, agent_from, expires_at) SELECT 'k' || n, 'a', now() FROM generate_series(1, 20) AS n",
      );
      // One for each: as many as fit on the page without waiting for old versions to be cleared away.
      for (let n = 1; n <= 20; n += 1) {
        await sql(
          database,
          'UPDATE sessions SET last_activity_at = now(), last_sequence_number = last_sequence_number + 1 WHERE session_key = $1',
          [`k${n}`],
        );
      }
      await sql(database, 'SELECT pg_stat_force_next_flush()');
      await expect
        .poll(() =>
          sql(database, "SELECT n_tup_upd::int AS updated, n_tup_hot_upd::int AS hot FROM pg_stat_user_tables WHERE relname = 'sessions'"),
        )
        .toEqual([{ updated: 20, hot: 20 }]);
    } finally {
      await database.close();
      await fresh.drop();
    }
  });
});
