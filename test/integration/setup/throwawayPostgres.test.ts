import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../setup/throwawayServer.js';

let server: ThrowawayServer;

beforeAll(async () => {
  server = await startThrowawayPostgres({ settings: { max_connections: '17' } });
});
afterAll(() => server.stop());

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined); // a cut connection also fails the query
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>({ text: sql })).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

test('settings reach the server, and it listens on loopback only', async () => {
  expect(await query('show max_connections')).toEqual(['17']);
  expect(await query('show listen_addresses')).toEqual(['127.0.0.1']);
  expect(await query('show unix_socket_directories')).toEqual(['']);
});

test('a wrong password is refused', async () => {
  const url = new URL(server.url);
  url.password = 'wrong';
  const client = new pg.Client({ connectionString: url.href });
  await expect(client.connect()).rejects.toThrow(/password authentication failed/);
});

test('kill -9 cuts open connections at once; after start() every confirmed commit is there', async () => {
  await query('create table kept (n int)');
  const open = new pg.Client({ connectionString: server.url });
  open.on('error', () => undefined); // the cut itself, awaited below as 'end'
  await open.connect();
  const cut = new Promise((resolve) => open.once('end', resolve));
  await query('insert into kept select generate_series(1, 1000)');

  await server.kill9();
  await cut;
  await expect(query('select 1')).rejects.toThrow(/ECONNREFUSED/);

  await server.start();
  expect(await query('select count(*)::int from kept')).toEqual([1000]);
});

test('restart() keeps address and data, under a new process', async () => {
  await query('create table also_kept (n int)');
  const before = server.pid;
  await server.restart();
  expect(server.pid).not.toBe(before);
  expect(await query('select count(*)::int from also_kept')).toEqual([0]);
});

test('benchmarks can have the durability PostgreSQL ships with', async () => {
  await using durable = await startThrowawayPostgres({ durability: 'postgres-default' });
  const client = new pg.Client({ connectionString: durable.url });
  await client.connect();
  const { rows } = await client.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name",
  );
  await client.end();
  expect(rows.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
});

test('a server killed in the middle of work starts again at once, many times over', async () => {
  for (let round = 0; round < 5; round++) {
    const busy = Array.from({ length: 10 }, () =>
      query('select count(*) from generate_series(1, 100000000)').catch((error: unknown) => error),
    );
    await expect
      .poll(() => query("select count(*)::int from pg_stat_activity where query like 'select count(*) from gen%' and state = 'active'"), {
        timeout: 10_000,
      })
      .toEqual([10]);
    await server.kill9();
    expect((await Promise.all(busy)).every((outcome) => outcome instanceof Error)).toBe(true);
    await server.start();
  }
  expect(await query('select 1')).toEqual([1]);
});
