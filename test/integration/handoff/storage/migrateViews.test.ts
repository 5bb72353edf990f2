import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { type FreshDatabase, freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

const earlier = readFileSync(new URL('./earlierSchema.sql', import.meta.url), 'utf8');

describe("an operator's views on the log tables of the earlier server", () => {
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
  const one = async <Row extends object>(text: string): Promise<Row | undefined> => (await sql<Row>(database, text))[0];
  async function warningsOfMigrating(): Promise<string[]> {
    const warnings: string[] = [];
    await migrate(database, {}, { ...systemDeps, onWarning: (warning) => void warnings.push(warning) });
    // The earlier schema's own triggers and aggregates are another test's.
    return warnings.filter((warning) => !/on sessions was dropped|analytics_aggregations/.test(warning));
  }

  it('are all there afterwards and read the new tables: views on views, materialised ones with their indexes, across tables and schemas', async () => {
    await sql(database, 'CREATE SCHEMA reports');
    await sql(
      database,
      `CREATE VIEW reports.events AS SELECT event_type, created_at FROM session_lifecycle;
       CREATE VIEW reports.events_by_type WITH (security_barrier = true) AS SELECT event_type, count(*)::int AS n FROM reports.events GROUP BY 1;
       CREATE VIEW reports."Both \\ kinds" AS SELECT (SELECT count(*)::int FROM reports.events) AS a, (SELECT count(*)::int FROM session_lifecycle) AS b;
       CREATE MATERIALIZED VIEW reports.log_totals AS SELECT operation, count(*)::int AS n, round(avg(duration_ms), 2) AS mean FROM performance_logs GROUP BY 1;
       CREATE UNIQUE INDEX log_totals_key ON reports.log_totals (operation);
       CREATE VIEW reports.top AS SELECT t.operation, t.n, m.n AS metrics FROM reports.log_totals t, (SELECT count(*)::int AS n FROM system_metrics) AS m;
       CREATE MATERIALIZED VIEW reports.never AS SELECT n FROM reports.events_by_type WITH NO DATA;
       COMMENT ON VIEW reports.events_by_type IS 'it''s a \\ comment';`,
    );
    const read = async (): Promise<unknown[]> => [
      await sql(database, 'SELECT * FROM reports.events_by_type ORDER BY 1'),
      await sql(database, 'SELECT * FROM reports."Both \\ kinds"'),
      await sql(database, 'SELECT operation, n, mean FROM reports.log_totals ORDER BY 1'),
      await sql(database, 'SELECT * FROM reports.top ORDER BY 1'),
    ];
    const before = await read();
    expect(await warningsOfMigrating()).toEqual([]);
    expect(await read()).toEqual(before);
    await sql(database, "INSERT INTO performance_logs (operation, duration_ms, success) VALUES ('brand new', 0.5, true)");
    await sql(database, 'REFRESH MATERIALIZED VIEW CONCURRENTLY reports.log_totals');
    expect(await one("SELECT n, mean::float FROM reports.log_totals WHERE operation = 'brand new'")).toEqual({ n: 1, mean: 0.5 });
    await sql(database, "INSERT INTO session_lifecycle (session_id, event_type) VALUES (gen_random_uuid(), 'brand new')");
    expect(await one("SELECT n FROM reports.events_by_type WHERE event_type = 'brand new'")).toEqual({ n: 1 });
    expect(
      await one(
        "SELECT reloptions AS options, obj_description('reports.events_by_type'::regclass) AS comment FROM pg_class WHERE oid = 'reports.events_by_type'::regclass",
      ),
    ).toEqual({
      options: ['security_barrier=true'],
      comment: "it's a \\ comment",
    });
    expect(await one("SELECT to_regclass('performance_logs_earlier') AS rest")).toEqual({ rest: null });
  });

  it('keep their owner and who may read them', async () => {
    const role = `owner_${randomBytes(6).toString('hex')}`;
    await sql(database, `CREATE ROLE ${role}`);
    try {
      await sql(
        database,
        `CREATE VIEW own WITH (security_invoker = true) AS SELECT * FROM system_metrics; CREATE VIEW above AS SELECT * FROM own`,
      );
      for (const view of ['own', 'above']) await sql(database, `ALTER VIEW ${view} OWNER TO ${role}; GRANT SELECT ON ${view} TO PUBLIC`);
      expect(await warningsOfMigrating()).toEqual([]);
      const facts = await sql(
        database,
        "SELECT relname AS name, pg_get_userbyid(relowner) AS owner, reloptions AS options, has_table_privilege('public', oid, 'SELECT') AS open FROM pg_class WHERE relname IN ('own', 'above') ORDER BY 1",
      );
      expect(facts).toEqual([
        { name: 'above', owner: role, options: null, open: true },
        { name: 'own', owner: role, options: ['security_invoker=true'], open: true },
      ]);
    } finally {
      await sql(database, `DROP OWNED BY ${role} CASCADE`);
      await sql(database, `DROP ROLE ${role}`);
    }
  });

  it('are named with their definition where they no longer fit, also those above them, and can be read up in the database', async () => {
    await sql(database, "CREATE FUNCTION whole(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1'");
    await sql(
      database,
      'CREATE VIEW exact AS SELECT whole(duration_ms) AS ms FROM performance_logs; CREATE VIEW above_exact AS SELECT max(ms) AS ms FROM exact; CREATE MATERIALIZED VIEW kept AS SELECT whole(duration_ms) AS ms FROM performance_logs',
    );
    const warnings = await warningsOfMigrating();
    expect(warnings).toHaveLength(3);
    for (const view of ['exact', 'above_exact', 'kept'])
      expect(warnings).toContainEqual(
        expect.stringMatching(new RegExp(`view public\\.${view} does not fit the new table .*was dropped.*It was: .*SELECT`, 's')),
      );
    expect(
      (await sql<{ note: string }>(database, "SELECT note FROM handoff_migration_notes WHERE name = 'performance_logs'"))
        .map(({ note }) => note)
        .sort(),
    ).toEqual([...warnings].sort());
  });

  it('and triggers, policies and publications that stay behind are named', async () => {
    await sql(
      database,
      `CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER note_event AFTER INSERT ON session_lifecycle FOR EACH ROW EXECUTE FUNCTION noted();
       CREATE POLICY mine ON system_metrics USING (true);
       CREATE PUBLICATION outward FOR TABLE performance_logs;`,
    );
    const warnings = await warningsOfMigrating();
    expect(warnings).toHaveLength(3);
    expect(warnings).toContainEqual(
      expect.stringMatching(/trigger note_event on session_lifecycle does not fire for new rows.*It was: CREATE TRIGGER note_event/),
    );
    expect(warnings).toContainEqual(expect.stringContaining('row security policy mine'));
    expect(warnings).toContainEqual(expect.stringContaining('ALTER PUBLICATION outward ADD TABLE performance_logs'));
  });

  it('stop the migration, with what is in the way named and nothing changed, where something else needs them', async () => {
    await sql(database, 'CREATE VIEW low AS SELECT * FROM system_metrics; CREATE VIEW high AS SELECT * FROM low');
    await sql(database, 'CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM high; END');
    await expect(migrate(database, {}, systemDeps)).rejects.toMatchObject({
      code: 'HANDOFF_MIGRATION_FAILED',
      data: { migration: { name: 'system_metrics' } },
      message: expect.stringMatching(/cannot drop view.*high.*DETAIL: function counted\(\) depends on view high/),
    });
    expect(await one('SELECT counted()::int > 0 AS reads')).toEqual({ reads: true });
    await sql(database, 'DROP FUNCTION counted()');
    expect(await warningsOfMigrating()).toEqual([]);
    expect(await one('SELECT count(*)::int AS n FROM high')).toEqual({ n: 100 });
  });
});
