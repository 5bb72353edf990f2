import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../src/errors/databaseErrors.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { startBlackHole } from '../../../setup/blackHole.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import { openDatabase } from './openDatabase.js';

const where = { name: 'several_where', text: "SELECT current_setting('cluster_name') AS name, inet_server_port() AS port" };
const write = { name: 'several_write', text: 'INSERT INTO written DEFAULT VALUES' };

/** Two servers stand in for a primary and a standby: what a client sees of a standby is that it accepts no writes. */
describe('an address with two servers', () => {
  let first: ThrowawayServer;
  let second: ThrowawayServer;
  const passwordOf = ({ url }: ThrowawayServer): string => new URL(url).password;

  beforeAll(async () => {
    [first, second] = await Promise.all([startThrowawayPostgres(), startThrowawayPostgres()]);
    // One password for both, as replication would have it.
    for (const server of [first, second]) {
      const database = await openDatabase(server.url, { poolSize: 1 });
      await database.pool.query(`ALTER ROLE postgres PASSWORD '${passwordOf(first)}'`);
      await database.pool.query('CREATE TABLE written (n serial)');
      await database.close();
    }
  });
  afterAll(() => Promise.all([first.stop(), second.stop()]));

  const address = (ports: readonly number[], attributes = ''): string =>
    `postgres://postgres:${passwordOf(first)}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/postgres${attributes}`;
  const portOf = async (database: Database): Promise<unknown> => (await database.query<{ port: number }>(where))[0]?.port;

  async function setReadOnly(server: ThrowawayServer, value: 'on' | 'off'): Promise<void> {
    const database = await openDatabase(address([server.port]), { poolSize: 1 });
    await database.pool.query('SET default_transaction_read_only = off');
    await database.pool.query(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
    await database.pool.query('SELECT pg_reload_conf()');
    await database.close();
  }

  it('uses the one that accepts writes, and goes where that is after a failover', async () => {
    await setReadOnly(first, 'on');
    const database = await openDatabase(address([first.port, second.port]), { poolSize: 3 });
    try {
      await Promise.all([database.query(write), database.query(write), database.query(write)]);
      expect(await portOf(database)).toBe(second.port);

      await setReadOnly(first, 'off');
      await setReadOnly(second, 'on');
      // Connections that are open lead to the server that only reads now: the first write finds out, and is not lost.
      await expect.poll(() => database.query(write).then(() => portOf(database)), { timeout: 20_000 }).toBe(first.port);
    } finally {
      await database.close();
      await setReadOnly(second, 'off');
    }
  });

  it('takes any server when told so', async () => {
    await setReadOnly(first, 'on');
    const database = await openDatabase(address([first.port, second.port], '?target_session_attrs=any'), { poolSize: 1 });
    try {
      expect(await portOf(database)).toBe(first.port);
    } finally {
      await database.close();
      await setReadOnly(first, 'off');
    }
  });

  it('goes on with the other one when the first is away, or does not answer, within the time for connecting', async () => {
    const hole = await startBlackHole(first.port);
    hole.swallow();
    await first.kill9();
    try {
      for (const port of [first.port, hole.port]) {
        const database = await openDatabase(address([port, second.port]), { poolSize: 1, connectionTimeoutMs: 4000, connectRetryMs: 4000 });
        try {
          expect(await portOf(database)).toBe(second.port);
        } finally {
          await database.close();
        }
      }
    } finally {
      await hole.close();
      await first.start();
    }
  });

  it('goes on with the other one when the name of the first is gone', async () => {
    const url = address([second.port]).replace('127.0.0.1', `gone.invalid:${first.port},127.0.0.1`);
    const database = await openDatabase(url, { poolSize: 1 });
    try {
      expect(await portOf(database)).toBe(second.port);
    } finally {
      await database.close();
    }
  });

  it('says that none accepts writes when none does', async () => {
    await setReadOnly(first, 'on');
    await setReadOnly(second, 'on');
    const database = await openDatabase(address([first.port, second.port]), { poolSize: 1, connectRetryMs: 300 });
    try {
      const error: unknown = await database.query(where).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DatabaseUnavailableError);
      expect(error).toMatchObject({ data: { reasonCode: '25006' } });
      expect(database.pool.totalCount).toBe(0);
    } finally {
      await database.close();
      await setReadOnly(first, 'off');
      await setReadOnly(second, 'off');
    }
  });
});
