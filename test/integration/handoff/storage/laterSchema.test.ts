import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, requireMigrated } from '../../../../src/handoff/storage/migrate/migrate.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { runDoctor } from '../cli/doctor/runDoctor.js';
import { MigrationFolder } from './migrationFolder.js';
import { openDatabase, systemDeps } from './openDatabase.js';

/** `"$user"` is before `public` in the search path: a schema of the name of our role may be made when our tables are there already. */

let fixture: HandoffFixture;
let role: string;
beforeAll(async () => {
  fixture = await handoffFixture();
  await fixture.sql("SELECT handoff_create_monthly_partitions('system_metrics', now() - interval '6 months', now())");
  await fixture.sql('CREATE SCHEMA AUTHORIZATION CURRENT_USER');
  const [row] = await fixture.sql<{ role: string }>('SELECT quote_ident(current_user) AS role');
  role = row?.role ?? '';
});
afterAll(() => fixture.dispose());

const inRoleSchema = async (): Promise<string[]> =>
  (
    await fixture.sql<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
    )
  ).map(({ name }) => name);

describe('partitions, when a schema that comes earlier in the search path was made later', () => {
  const makeOld = (): Promise<object[]> =>
    fixture.sql("SELECT handoff_create_monthly_partitions('performance_logs', now() - interval '5 months', now())");
  const expired = (): Promise<object[]> => fixture.sql("SELECT relname FROM pg_class WHERE relname ~ '_expired$'");
  beforeEach(makeOld);

  it('are made beside their table, once', async () => {
    expect(await inRoleSchema()).toEqual([]);
    expect(await makeOld()).toEqual([{ handoff_create_monthly_partitions: 0 }]);
  });

  it('are dropped when their time has passed', async () => {
    const { dropped } = await fixture.retention.maintainPartitions();
    expect(dropped.filter((name) => name.startsWith('system_metrics_')).length).toBeGreaterThan(1);
    expect(await expired()).toEqual([]);
  });

  it('are dropped where they are, and not those of a server with tables there', async () => {
    const [row] = await fixture.sql<{ name: string }>(
      "SELECT min(inhrelid::regclass::text) AS name FROM pg_inherits WHERE inhparent = 'performance_logs'::regclass AND inhrelid::regclass::text ~ '_y'",
    );
    const name = row?.name ?? '';
    await fixture.sql(`ALTER TABLE ${name} SET SCHEMA ${role}`);
    await fixture.sql(`CREATE TABLE ${role}.kept_expired (id integer)`);
    await fixture.sql(`COMMENT ON TABLE ${role}.kept_expired IS 'handoff: expired partition of performance_logs'`);
    const { dropped } = await fixture.retention.maintainPartitions();
    expect(dropped).toContain(name);
    expect(await inRoleSchema()).toEqual(['kept_expired']);
    await fixture.sql(`DROP TABLE ${role}.kept_expired`);
  });

  it('are dropped also when they were detached there before the migration that looks for them, but for those of another server', async () => {
    const described = async (table: string, parent: string): Promise<void> => {
      await fixture.sql(`CREATE TABLE ${role}.${table} (LIKE public.${parent})`);
      await fixture.sql(`COMMENT ON TABLE ${role}.${table} IS 'handoff: expired partition of ${parent}'`);
    };
    await described('ours_y2020m01_expired', 'performance_logs');
    await described('theirs_y2020m01_expired', 'system_metrics');
    await fixture.sql(`CREATE TABLE ${role}.system_metrics (id integer)`);
    const migration = new URL('../../../../migrations/000053_partitions_beside_their_table.sql', import.meta.url);
    await fixture.sql(`SET search_path = public, ${role}; ${readFileSync(migration, 'utf8')}; RESET search_path`);
    await fixture.sql(`DROP TABLE ${role}.system_metrics`);
    const { dropped } = await fixture.retention.maintainPartitions();
    expect(dropped).toContain('ours_y2020m01');
    expect(await inRoleSchema()).toEqual(['theirs_y2020m01_expired']);
    await fixture.sql(`DROP TABLE ${role}.theirs_y2020m01_expired`);
  });
});

describe('migrating, when a schema that comes earlier in the search path was made later', () => {
  it('applies what is new and nothing again, beside the other tables', async () => {
    const [row] = await fixture.sql<{ next: string }>("SELECT to_char(max(version) + 1, 'FM000000') AS next FROM handoff_migrations");
    using folder = new MigrationFolder({ [`${row?.next}_more.sql`]: 'CREATE TABLE handoff_more (id integer)' }, { withPackaged: true });
    const database = await openDatabase(fixture.url, { poolSize: 1 });
    expect(await migrate(database, { folder: folder.url }, systemDeps)).toEqual({ applied: ['more'] });
    await requireMigrated(database, folder.url);
    await database.close();
    expect(await inRoleSchema()).toEqual([]);
    expect(await fixture.sql("SELECT to_regclass('public.handoff_more')::text AS name")).toEqual([{ name: 'handoff_more' }]);
  });

  it('needs the right to create in the schema of the tables, which doctor looks at', async () => {
    const other = `${role}_other_${process.pid}`;
    await fixture.sql(`CREATE ROLE ${other} LOGIN PASSWORD 'right'`);
    await fixture.sql(`CREATE SCHEMA AUTHORIZATION ${other}`);
    await fixture.sql(`REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    await fixture.sql(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${other}`);
    const url = Object.assign(new URL(fixture.url), { username: other, password: 'right' }).href;
    const found = (await runDoctor(['database.rights'], { DATABASE_URL: url })).get('database.rights') ?? [];
    expect(found.map(({ says }) => says)).toContain(`The role ${other} may not create tables in the schema public.`);
    await fixture.sql(`DROP OWNED BY ${other}`);
    await fixture.sql(`DROP ROLE ${other}`);
  });
});
