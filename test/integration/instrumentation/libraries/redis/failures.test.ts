import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisUrl } from '../../../../setup/services.js';
import { startThrowawayRedis } from '../../../../setup/throwawayRedis.js';
import { coveredRedis } from './coveredRedis.js';

const errors = (redis: ReturnType<typeof coveredRedis>): unknown[] => redis.commands().map(({ name, error }) => [name, error]);

it('has a word for a command that took too long', async () => {
  await using redis = coveredRedis();
  // Reads everything and answers nothing.
  await using silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const used = new Redis({
    port: (silent.address() as AddressInfo).port,
    host: '127.0.0.1',
    enableReadyCheck: false,
    disableClientInfo: true,
    commandTimeout: 50,
  });
  used.on('error', () => undefined);
  await redis.inRequest('request', async () => await expect(used.get('a')).rejects.toThrow('timed out'));
  used.disconnect();
  expect(errors(redis)).toEqual([['GET', 'timeout']]);
  expect(await redis.points()).toEqual({ 'GET timeout': 1 });
});

it('has a word for a connection that is closed, before a command or under it', async () => {
  await using redis = coveredRedis();
  await using server = await startThrowawayRedis();
  const used = new Redis(server.url, { retryStrategy: () => null });
  used.on('error', () => undefined);
  await used.ping();
  await redis.inRequest('request', async () => {
    const cut = expect(used.blpop('a', 0)).rejects.toThrow('closed');
    await server.kill9();
    await cut;
    await expect(used.get('a')).rejects.toThrow('closed');
  });
  expect(errors(redis)).toEqual([
    ['BLPOP', 'connection_closed'],
    ['GET', 'connection_closed'],
  ]);
});

it('has a word for a command that may not wait for the connection', async () => {
  await using redis = coveredRedis();
  const used = new Redis(redisUrl(), { enableOfflineQueue: false, lazyConnect: true });
  await redis.inRequest('request', async () => await expect(used.get('a')).rejects.toThrow("isn't writeable"));
  used.disconnect();
  expect(errors(redis)).toEqual([['GET', 'not_connected']]);
});

it('counts no failure that nobody made: a server that does not know what the client says of itself', async () => {
  await using redis = coveredRedis();
  // Servers before 7.2 refuse it; so does one without the command, which newer ones can be.
  await using server = await startThrowawayRedis({ settings: { 'rename-command': 'CLIENT ""' } });
  const used = new Redis(server.url, { connectionName: 'a-name' });
  await used.ping();
  await used.quit();
  const points = await redis.points();
  expect(points).toMatchObject({ INFO: expect.any(Number) as number, PING: 1, QUIT: 1 });
  expect(Object.keys(points).filter((label) => label.includes(' '))).toEqual([]);
});
