import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createPostgresDatabase } from '../../../../src/handoff/storage/postgres.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

const machine = { clock: systemClock, random: Math.random };
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let fixture: HandoffFixture;
let services: HandoffServices;
beforeAll(async () => {
  fixture = await handoffFixture();
  services = await servicesOn(fixture.database);
});
afterAll(() => fixture.dispose());

async function servicesOn(database: Database): Promise<HandoffServices> {
  return createHandoffServices({ database, cache: await createMemoryCache({ maxEntries: 10, maxBytes: 1000 }, machine), log });
}

it('finds everything well on a database that was migrated', async () => {
  const { overall, components } = await services.monitoring.getSystemHealth();
  const { event_loop: _, memory: __, system: ___, ...others } = components;
  expect(Object.entries(others).map(([name, { status, reason }]) => [name, status, reason])).toEqual([
    ['database', 'healthy', undefined],
    ['redis', 'healthy', 'in_process'],
    ['archive', 'healthy', 'not_configured'],
    ['migrations', 'healthy', undefined],
    ['jobs', 'healthy', undefined],
    ['sweeps', 'healthy', undefined],
    ['partitions', 'healthy', undefined],
    ['telemetry', 'healthy', 'not_measured'],
    ['features', 'healthy', undefined],
  ]);
  expect(['healthy', 'degraded']).toContain(overall);
  expect(components['partitions']?.details?.['horizonDays']).toBeGreaterThan(80);
  expect(components['migrations']?.details).toEqual({ pendingMigrations: 0 });
});

it('finds what is wrong in the database, and that it is mended', async () => {
  const reasons = async (): Promise<unknown> => {
    const { monitoring } = await servicesOn(fixture.database);
    const { components } = await monitoring.getSystemHealth();
    return ['migrations', 'sweeps', 'partitions'].map((name) => components[name]?.reason);
  };
  await fixture.sql('INSERT INTO handoff_migrations (version, name, checksum) VALUES (999999, $1, $2)', ['later', 'x']);
  await fixture.sql("INSERT INTO sessions (session_key, agent_from, expires_at) VALUES ('late', 'a', now() - interval '4 hours')");
  const partitions = await fixture.sql<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'performance_logs'::regclass AND inhrelid::regclass::text !~ 'default'",
  );
  for (const { name } of partitions) await fixture.sql(`ALTER TABLE performance_logs DETACH PARTITION ${name}`);
  expect(await reasons()).toEqual(['newer', 'late', 'short_horizon']);
  await fixture.sql('DELETE FROM handoff_migrations WHERE version = 999999');
  await fixture.sql("UPDATE sessions SET expires_at = now() + interval '1 hour' WHERE session_key = 'late'");
  for (const { name } of partitions) await fixture.sql(`DROP TABLE ${name}`);
  await fixture.sql('SELECT handoff_create_partitions()');
  expect(await reasons()).toEqual([undefined, undefined, undefined]);
});

it('tells that the database is away, and within the time limit', async () => {
  const away = await createPostgresDatabase(
    { connectionString: 'postgresql://nobody:secret@127.0.0.1:1/none', connectRetryMs: 100 },
    { ...machine, onConnectionLost: () => undefined },
  );
  const { monitoring } = await servicesOn(away);
  const startMs = performance.now();
  const health = await monitoring.getSystemHealth();
  expect(performance.now() - startMs).toBeLessThan(2500);
  expect(health).toMatchObject({ overall: 'unhealthy', reason: 'unreachable', components: { database: { error: 'unreachable' } } });
  expect(health.components['sweeps']).toMatchObject({ status: 'degraded', reason: 'unreachable' });
  expect(JSON.stringify(health)).not.toMatch(/secret|127\.0\.0\.1/u);
  await away.close();
});

it('tells that the disk of the database is full once calls were refused for it, and that it is well when none are any more', async () => {
  const session = { sessionKey: 'no-room', agentFrom: 'a', metadata: {} };
  const { sessions, monitoring } = services;
  await sessions.register(session);
  // What PostgreSQL says when it cannot make a table longer.
  await fixture.sql(
    `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`,
  );
  await fixture.sql('CREATE TRIGGER no_room BEFORE INSERT ON context_history FOR EACH ROW EXECUTE FUNCTION no_room()');
  const append = (): Promise<unknown> => sessions.append({ sessionKey: 'no-room', contextType: 'message', content: 'x', metadata: {} });
  await expect(append()).rejects.toMatchObject({ data: { reasonCode: '53100' } });
  // A look of the last second is not repeated.
  await expect.poll(() => monitoring.checkDatabaseHealth()).toMatchObject({ status: 'unhealthy', reason: 'full' });
  await fixture.sql('DROP TRIGGER no_room ON context_history');
  await append();
  await expect.poll(() => monitoring.checkDatabaseHealth()).toMatchObject({ status: 'healthy' });
});

it('tells soon after a call has failed that its tables are not there, and that they are again', { timeout: 20_000 }, async () => {
  const database = async (): Promise<unknown> => {
    const { components } = await services.monitoring.getSystemHealth();
    return [components['database']?.status, components['database']?.reason];
  };
  const soon = { timeout: 10_000 };
  services.monitoring.start();
  try {
    await expect.poll(database, soon).toEqual(['healthy', undefined]);
    await fixture.sql('ALTER TABLE sessions RENAME TO sessions_elsewhere');
    const call = (): Promise<unknown> => services.sessions.register({ sessionKey: 'no-table', agentFrom: 'a', metadata: {} });
    await expect(call()).rejects.toMatchObject({ code: '42P01' });
    // Without the calls the next look would be half a minute after the last one.
    await expect.poll(() => call().then(database, database), soon).toEqual(['unhealthy', 'tables_missing']);
    await fixture.sql('ALTER TABLE sessions_elsewhere RENAME TO sessions');
    await expect.poll(() => call().then(database), soon).toEqual(['healthy', undefined]);
  } finally {
    await services.monitoring.stop();
    await fixture.sql("DELETE FROM sessions WHERE session_key = 'no-table'");
  }
});

it.each([
  [
    'a column is not there',
    'ALTER TABLE sessions RENAME COLUMN agent_from TO agent_elsewhere',
    'ALTER TABLE sessions RENAME COLUMN agent_elsewhere TO agent_from',
  ],
  [
    'a key is not there',
    'ALTER TABLE sessions DROP CONSTRAINT sessions_session_key_key',
    'ALTER TABLE sessions ADD CONSTRAINT sessions_session_key_key UNIQUE (session_key)',
  ],
])('tells that PostgreSQL refuses what calls ask for, and when it does no longer: %s', async (_what, spoil, mend) => {
  const { sessions, monitoring } = services;
  const register = (): Promise<unknown> => sessions.register({ sessionKey: 'refused', agentFrom: 'a', metadata: {} });
  await fixture.sql(spoil);
  try {
    await expect(register()).rejects.toThrow();
    await expect
      .poll(() => monitoring.checkDatabaseHealth())
      .toMatchObject({ status: 'degraded', reason: 'statements_refused', details: { refusedStatements: 1 } });
  } finally {
    await fixture.sql(mend);
  }
  await register();
  await expect.poll(() => monitoring.checkDatabaseHealth()).toMatchObject({ status: 'healthy' });
  await fixture.sql("DELETE FROM sessions WHERE session_key = 'refused'");
});

it('tells that the user of the database may not write to a table of every call', async () => {
  const role = `handoff_test_${randomBytes(6).toString('hex')}`;
  await fixture.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  await fixture.sql(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${role}`);
  const url = new URL(fixture.url);
  Object.assign(url, { username: role, password: 'secret' });
  const asRole = await createPostgresDatabase(
    { connectionString: url.href, poolSize: 2 },
    { ...machine, onConnectionLost: () => undefined },
  );
  try {
    const look = async (): Promise<unknown> => (await servicesOn(asRole)).monitoring.checkDatabaseHealth();
    expect(await look()).toMatchObject({ status: 'healthy' });
    await fixture.sql(`REVOKE INSERT ON context_history FROM ${role}`);
    expect(await look()).toMatchObject({ status: 'unhealthy', reason: 'access_denied', advice: expect.stringContaining('doctor') });
    // Rights on each column are enough for every call.
    const [columns] = await fixture.sql<{ names: string }>(
      "SELECT string_agg(quote_ident(attname), ', ') AS names FROM pg_attribute WHERE attrelid = 'context_history'::regclass AND attnum > 0 AND NOT attisdropped",
    );
    await fixture.sql(`GRANT INSERT (${columns?.names}) ON context_history TO ${role}`);
    const { sessions } = await servicesOn(asRole);
    expect(await sessions.register({ sessionKey: 'by-column', agentFrom: 'a', metadata: {} })).toMatchObject({ kind: 'registered' });
    await fixture.sql("DELETE FROM sessions WHERE session_key = 'by-column'");
    expect(await look()).toMatchObject({ status: 'healthy' });
  } finally {
    await asRole.close();
    await fixture.sql(`DROP OWNED BY ${role}`);
    await fixture.sql(`DROP ROLE ${role}`);
  }
});

it('counts sessions by state', async () => {
  await fixture.sql(
    "INSERT INTO sessions (session_key, agent_from, is_dormant, expires_at) VALUES ('asleep', 'a', true, now() + interval '1 day')",
  );
  await fixture.sql("INSERT INTO sessions (session_key, agent_from, status, archived_at) VALUES ('old', 'a', 'completed', now())");
  services.monitoring.start();
  try {
    await expect.poll(() => services.monitoring.getSystemMetrics().sessions).toEqual({ active: 2, dormant: 1, archived: 1 });
  } finally {
    await services.monitoring.stop();
  }
});
