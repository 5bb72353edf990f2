import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startThrowawayRedis } from '../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../setup/throwawayServer.js';

let server: ThrowawayServer;

beforeAll(async () => {
  server = await startThrowawayRedis({ settings: { maxmemory: '7mb' } });
});
afterAll(() => server.stop());

async function withClient<T>(use: (client: Redis) => Promise<T>, commandTimeout = 20_000): Promise<T> {
  const client = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, commandTimeout });
  client.on('error', () => undefined); // the calls below report it
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

test('settings reach the server; it wants the password and listens on loopback only', async () => {
  await withClient(async (client) => {
    expect(await client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(7 * 1024 * 1024)]);
    expect(await client.config('GET', 'bind')).toEqual(['bind', '127.0.0.1']);
  });
  const stranger = new Redis({
    port: server.port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  stranger.on('error', () => undefined); // the call below reports it
  await expect(stranger.connect().then(() => stranger.ping())).rejects.toThrow(/NOAUTH|closed/);
  stranger.disconnect();
});

test('kill -9 makes it unreachable; start() brings it back empty, at the same address', async () => {
  await withClient((client) => client.set('key', 'value'));
  await server.kill9();
  await expect(withClient((client) => client.ping())).rejects.toThrow(/closed/);
  await server.start();
  expect(await withClient((client) => client.dbsize())).toBe(0);
});

test('a paused server accepts connections but does not answer until it is resumed', async () => {
  await withClient(async (client) => {
    await server.pause();
    await expect(client.ping()).rejects.toThrow(/timed out/);
    await server.resume();
    await expect.poll(() => client.ping(), { timeout: 20_000 }).toBe('PONG');
  }, 1000);
});
