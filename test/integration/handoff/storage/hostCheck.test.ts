import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStatementProxy } from '../../../setup/statementProxy.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import { openDatabase } from './openDatabase.js';

const where = { name: 'host_check_where', text: 'SELECT inet_server_port() AS port' };
/** What tells a server that accepts writes from one that does not. */
const CHECK = 'transaction_read_only';

let server: ThrowawayServer;
beforeAll(async () => {
  server = await startThrowawayPostgres();
});
afterAll(() => server.stop());

const address = (...ports: readonly number[]): string => {
  const { username, password, pathname } = new URL(server.url);
  return `postgres://${username}:${password}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}${pathname}`;
};

// Nobody listens to a client before the pool has it: an event of it would end the process.
it('survives a connection that ends while it is asked whether it accepts writes, and uses the next server', async () => {
  const proxy = await startStatementProxy(server.port, CHECK, 'cut');
  const unheard: unknown[] = [];
  const note = (error: unknown): unknown => unheard.push(error);
  process.on('uncaughtException', note);
  const database = await openDatabase(address(proxy.port, server.port), { poolSize: 1 });
  try {
    expect(await database.query(where)).toEqual([{ port: server.port }]);
    expect(proxy.met()).toBe(1);
    expect(unheard).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    await database.close();
    await proxy.close();
  }
});

it('leaves a server that does not answer that question after its part of the time for connecting', async () => {
  const proxy = await startStatementProxy(server.port, CHECK, 'swallow');
  const database = await openDatabase(address(proxy.port, server.port), { poolSize: 1, connectionTimeoutMs: 4000, connectRetryMs: 3900 });
  try {
    expect(await database.query(where)).toEqual([{ port: server.port }]);
    expect(proxy.met()).toBe(1);
  } finally {
    await database.close();
    await proxy.close();
  }
});

it('has no listener of its own on a connection that is in use', async () => {
  const one = await openDatabase(address(server.port), { poolSize: 1 });
  const several = await openDatabase(address(server.port, server.port), { poolSize: 1 });
  try {
    const [plain, chosen] = await Promise.all([one.pool.connect(), several.pool.connect()]);
    // While it is handed over, the pool listens.
    await new Promise((resolve) => setImmediate(resolve));
    expect(chosen.listenerCount('error')).toBe(plain.listenerCount('error'));
    plain.release();
    chosen.release();
  } finally {
    await Promise.all([one.close(), several.close()]);
  }
});
