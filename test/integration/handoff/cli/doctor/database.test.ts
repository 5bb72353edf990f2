import { createServer } from 'node:net';
import type { Server } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../../../../src/handoff/storage/postgres.js';
import { migrate } from '../../../../../src/handoff/storage/migrate/migrate.js';
import { clockCheck } from '../../../../../src/handoff/cli/doctor/checks/databaseClock.js';
import { Examination } from '../../../../../src/handoff/cli/doctor/examination/examination.js';
import { readSettings } from '../../../../../src/handoff/cli/doctor/examination/readSettings.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { freePort } from '../../../../setup/freePort.js';
import { freshDatabase } from '../../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../../setup/freshDatabase.js';
import { finding, runDoctor } from './runDoctor.js';

let database: FreshDatabase;
let empty: FreshDatabase;
let role: string;

beforeAll(async () => {
  [database, empty] = await Promise.all([freshDatabase(), freshDatabase()]);
  const deps = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
  const opened = await createPostgresDatabase({ connectionString: database.url }, deps);
  await migrate(opened, {}, deps);
  await opened.close();
  role = `doctor_${database.url.slice(-8)}`;
  await sql(database, `CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
});
afterAll(async () => {
  await database.drop();
  await sql(empty, `DROP ROLE ${role}`);
  await empty.drop();
});

let mute: Server | undefined;
afterEach(() => {
  mute?.close();
  mute = undefined;
});

async function sql({ url }: FreshDatabase, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** The address of the database, otherwise changed. */
function changed(change: (url: URL) => void, base = database): string {
  const url = new URL(base.url);
  change(url);
  return url.href;
}

const asRole = (password: string, base = database): string =>
  changed((url) => {
    url.username = role;
    url.password = password;
  }, base);

it('a sound database passes every check', async () => {
  const results = await runDoctor(['database.'], { DATABASE_URL: database.url });
  expect([...results.values()].flat().filter(({ verdict }) => verdict !== 'fine')).toEqual([]);
  expect(results.size).toBe(10);
});

describe('database.connect', () => {
  it('tells a wrong password', async () => {
    expect(await finding('database.connect', { DATABASE_URL: asRole('wrong') })).toEqual({
      verdict: 'failure',
      says: 'The database cannot be used (28P01).',
      remedy: 'The server rejected the credentials: check user and password in DATABASE_URL.',
    });
  });

  it('tells a database that does not exist', async () => {
    const url = changed((address) => {
      address.pathname = '/no_such_database';
    });
    expect(await finding('database.connect', { DATABASE_URL: url })).toMatchObject({
      verdict: 'failure',
      says: 'The database cannot be used (3D000).',
      remedy: 'The database does not exist: create it, or correct its name in DATABASE_URL.',
    });
  });

  it('tells a server without TLS', async () => {
    const url = changed((address) => address.searchParams.set('sslmode', 'require'));
    const found = await finding('database.connect', { DATABASE_URL: url });
    expect(found.says).toContain('No TLS connection to the database can be made');
    expect(found.remedy).toContain('remove sslmode from DATABASE_URL');
  });

  it('and a server that takes the connection and is silent, within its time', async () => {
    mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute?.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const env = { DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/d`, HANDOFF_PG_CONNECT_TIMEOUT_MS: '300' };
    expect(await finding('database.connect', env)).toMatchObject({
      verdict: 'failure',
      says: 'The database cannot be used (connection_timeout).',
    });
  });

  it('prints no password', async () => {
    const results = await runDoctor(['database.', 'settings.'], { DATABASE_URL: asRole('very-secret-password') });
    expect(JSON.stringify([...results])).not.toContain('very-secret-password');
  });
});

describe('database.reach', () => {
  it('tells a closed port, and the other checks are skipped', async () => {
    const port = await freePort();
    const results = await runDoctor(['database.'], { DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/d` });
    expect(results.get('database.reach')).toEqual([
      {
        verdict: 'failure',
        says: `No connection to 127.0.0.1:${port} can be made (ECONNREFUSED).`,
        remedy: 'Start PostgreSQL there, let it listen on that address (listen_addresses), or correct the port in DATABASE_URL.',
      },
    ]);
    expect(results.get('database.migrations')).toEqual([
      { verdict: 'skipped', says: 'Not looked at, because there is no connection to the database.' },
    ]);
  });

  it('tells a name that does not resolve', async () => {
    const found = await finding('database.reach', { DATABASE_URL: 'postgres://u:p@no-such-host.invalid/d' });
    expect(found.says).toMatch(/^The name no-such-host\.invalid does not resolve \((?:ENOTFOUND|EAI_AGAIN)\)\.$/u);
    expect(found.remedy).toContain('Correct the host in DATABASE_URL');
  });

  it('tells a socket on which nothing listens', async () => {
    const found = await finding('database.reach', { DATABASE_URL: 'postgres://u:p@/d?host=/nonexistent' });
    expect(found).toMatchObject({ verdict: 'failure', says: 'Nothing listens on the socket /nonexistent/.s.PGSQL.5432 (ENOENT).' });
  });

  it('looks at each of several servers', async () => {
    const port = await freePort();
    const { host } = new URL(database.url);
    const url = database.url.replace(host, `127.0.0.1:${port},${host}`);
    const findings = (await runDoctor(['database.reach'], { DATABASE_URL: url })).get('database.reach');
    expect(findings?.map(({ verdict }) => verdict)).toEqual(['failure', 'fine']);
  });
});

describe('a database that is not ready', () => {
  it('because it is read-only', async () => {
    await sql(database, `ALTER ROLE ${role} SET default_transaction_read_only = on`);
    const found = await finding('database.writable', { DATABASE_URL: asRole('right') });
    await sql(database, `ALTER ROLE ${role} RESET default_transaction_read_only`);
    expect(found).toMatchObject({ verdict: 'failure', says: expect.stringContaining('default_transaction_read_only is on') });
    expect(found.remedy).toContain('Let DATABASE_URL lead to the primary');
  });

  it.each([
    [{}, 'warning', 'Run handoff-otel migrate, or let the next start of the server apply them.'],
    [
      { HANDOFF_MIGRATE_ON_START: 'false' },
      'failure',
      'Run handoff-otel migrate: with HANDOFF_MIGRATE_ON_START=false the server does not start before.',
    ],
  ])('because migrations are pending, with %j', async (env, verdict, remedy) => {
    const found = await finding('database.migrations', { DATABASE_URL: empty.url, ...env });
    expect(found).toMatchObject({ verdict, remedy });
    expect(found.says).toMatch(/^The database lacks \d+ migrations of this version\.$/u);
  });

  it('because a newer version has migrated it', async () => {
    await sql(database, "INSERT INTO handoff_migrations (version, name, checksum) VALUES (999999, '999999_later', 'x')");
    const found = await finding('database.migrations', { DATABASE_URL: database.url });
    await sql(database, 'DELETE FROM handoff_migrations WHERE version = 999999');
    expect(found).toMatchObject({ verdict: 'failure', says: 'The database was migrated by a newer version than this one.' });
  });

  it('because its partitions are used up', async () => {
    const found = await finding('database.partitions', { DATABASE_URL: empty.url });
    expect(found).toEqual({ verdict: 'skipped', says: 'There are no log tables yet: the migrations make them.' });
    await sql(empty, 'CREATE TABLE session_lifecycle (created_at timestamptz) PARTITION BY RANGE (created_at)');
    const short = await finding('database.partitions', { DATABASE_URL: empty.url });
    await sql(empty, 'DROP TABLE session_lifecycle');
    expect(short).toMatchObject({ verdict: 'warning', remedy: expect.stringContaining('SELECT handoff_create_partitions()') });
  });

  it('because the role has no rights', async () => {
    const findings = (await runDoctor(['database.rights'], { DATABASE_URL: asRole('right') })).get('database.rights');
    expect(findings?.map(({ verdict }) => verdict)).toEqual(['failure', 'failure', 'warning', 'failure']);
    const remedies = findings?.map(({ remedy }) => remedy).join('\n');
    expect(remedies).toContain(`GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
    expect(remedies).toContain('GRANT SELECT, INSERT, UPDATE, DELETE ON context_history, handoff_migrations,');
    expect(remedies).toContain(`CREATE SCHEMA handoff_jobs AUTHORIZATION ${role}`);
  });
});

describe('the limits of the database', () => {
  it('do not allow the connections of all processes', async () => {
    const found = await finding('database.connections', { DATABASE_URL: database.url, HANDOFF_PG_POOL_SIZE: '50' }, { replicas: 1000 });
    expect(found.verdict).toBe('failure');
    expect(found.says).toMatch(/^The pools of 1000 processes may open 50000 connections, and the database allows \d+\.$/u);
    expect(found.remedy).toMatch(/^Lower HANDOFF_PG_POOL_SIZE to \d+, raise max_connections/u);
  });

  it('allow fewer for this role', async () => {
    await sql(database, `ALTER ROLE ${role} CONNECTION LIMIT 5`);
    const found = await finding('database.connections', { DATABASE_URL: asRole('right') });
    await sql(database, `ALTER ROLE ${role} CONNECTION LIMIT -1`);
    expect(found).toMatchObject({
      verdict: 'failure',
      says: 'The pool of one process may open 10 connections, and the database allows 5.',
    });
  });

  it('close connections that wait in the pool', async () => {
    await sql(database, `ALTER ROLE ${role} SET idle_session_timeout = '5s'`);
    const found = await finding('database.timeouts', { DATABASE_URL: asRole('right') });
    await sql(database, `ALTER ROLE ${role} RESET idle_session_timeout`);
    expect(found).toMatchObject({ verdict: 'warning', says: expect.stringContaining('idle_session_timeout is 5000 ms') });
  });

  it('tells clocks that differ', async () => {
    const env = { DATABASE_URL: database.url };
    const options = {
      stdio: false,
      replicas: undefined,
      probeArchive: false,
      tempoUrl: undefined,
      prometheusUrl: undefined,
      lokiUrl: undefined,
    };
    const examination = new Examination(readSettings(env), options, '/');
    const behind = { nowMs: () => systemClock.nowMs() - 90_000, monotonicMs: () => systemClock.monotonicMs() };
    const [found] = await clockCheck(behind).run(examination);
    await examination.close();
    expect(found).toMatchObject({
      verdict: 'warning',
      says: expect.stringMatching(/^The clock of the database is (?:89|90)\.\d s ahead of that of this machine\.$/u),
      remedy: expect.stringContaining('NTP'),
    });
  });
});

it('nothing is asked of a database whose address cannot be used', async () => {
  const results = await runDoctor(['database.', 'settings.values', 'data_folder'], { DATABASE_URL: 'mysql://here' });
  expect(results.get('settings.values')).toMatchObject([{ verdict: 'failure', says: 'DATABASE_URL: (secret) was given.' }]);
  expect(results.get('database.connect')).toEqual([{ verdict: 'skipped', says: 'Not looked at, because DATABASE_URL cannot be used.' }]);
  expect(results.get('data_folder.owner')).toEqual([]);
});
