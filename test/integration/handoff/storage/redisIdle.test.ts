import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache, type RedisCacheOptions } from '../../../../src/handoff/storage/redisCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { startThrowawayRedis } from '../../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';

const disposals: (() => unknown)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).toReversed()) await dispose();
});

async function serverWith(settings: Readonly<Record<string, string>>): Promise<ThrowawayServer> {
  const server = await startThrowawayRedis({ settings });
  disposals.push(() => server.stop());
  return server;
}

/** What the cache tells: `ready`, and why there is no connection. */
async function watched(connection: RedisCacheOptions['connection']): Promise<{ readonly cache: Cache; readonly told: string[] }> {
  const told: string[] = [];
  const cache = await createRedisCache(
    { connection, commandTimeoutMs: 5000 },
    {
      fallback: await createMemoryCache({}, { clock: systemClock }),
      clock: systemClock,
      random: Math.random,
      onError: (operation, error) => void told.push(`${operation} ${error.message}`),
      onReady: () => void told.push('ready'),
    },
  );
  disposals.push(() => cache.close());
  return { cache, told };
}

/** A load balancer before Redis, which ends the connections that were idle for `idleMs`. */
async function balancer(url: string, idleMs: number, end: (socket: Socket) => unknown): Promise<string> {
  const { port, hostname } = new URL(url);
  const proxy: Server = createServer((socket) => {
    const server = connect(Number(port), hostname);
    const timer = setTimeout(() => {
      end(socket);
      server.destroy();
    }, idleMs);
    socket.on('data', (data) => (timer.refresh(), server.write(data))).on('error', () => undefined);
    server.on('data', (data) => socket.write(data)).on('error', () => undefined);
    socket.on('close', () => (clearTimeout(timer), server.destroy()));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  disposals.push(() => proxy.close());
  const address = new URL(url);
  address.hostname = '127.0.0.1';
  address.port = String((proxy.address() as { port: number }).port);
  return address.href;
}

it('an idle connection that Redis closes is made again, and nothing is told of it', async () => {
  const { url } = await serverWith({ timeout: '1' });
  const { cache, told } = await watched({ url });
  await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(new Set(told)).toEqual(new Set(['ready']));
  expect(await cache.set('key', 'value', 60)).toBeUndefined();
});

it.each([
  ['ends', (socket: Socket) => socket.end()],
  ['resets', (socket: Socket) => socket.resetAndDestroy()],
])('nor of one that a load balancer %s', async (_how, end) => {
  const { url } = await serverWith({});
  const { told } = await watched({ url: await balancer(url, 1000, end) });
  await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(new Set(told)).toEqual(new Set(['ready']));
});

it('calls and checks of health that come before the next connection is there wait for it', async () => {
  const { url } = await serverWith({});
  const client = new Redis(url, { enableOfflineQueue: false });
  disposals.push(() => client.disconnect());
  const { cache, told } = await watched({ client });
  const ended = async (): Promise<void> => {
    await expect.poll(() => client.status).toBe('ready');
    await new Promise((resolve) => setTimeout(resolve, 600));
    client.stream.destroy();
    await once(client, 'close');
  };
  await ended();
  expect(await cache.probe?.()).toMatchObject({ isReplica: false });
  await ended();
  expect(await cache.set('key', 'value', 60)).toBeUndefined();
  expect(told.filter((each) => each !== 'ready')).toEqual([]);
});

it('a Redis that went away is told, although its connection was idle', async () => {
  const server = await serverWith({});
  const { told } = await watched({ url: server.url });
  await expect.poll(() => told).toEqual(['ready']);
  await new Promise((resolve) => setTimeout(resolve, 600));
  await server.kill9();
  await expect.poll(() => told[1], { timeout: 5000 }).toMatch(/^connection .*ECONNREFUSED/);
});

it('connections that are closed as soon as they are made are told', async () => {
  const { url } = await serverWith({});
  const { told } = await watched({ url: await balancer(url, 100, (socket) => socket.end()) });
  await expect.poll(() => told).toContain('connection Connection is closed.');
});

it('tells at once that a client which its owner ended has no connection, and lets no call wait for another one', async () => {
  const server = await serverWith({});
  const client = new Redis(server.url);
  client.on('error', () => undefined);
  const { cache, told } = await watched({ client });
  await cache.set('a', '1', 60);
  await sleep(600);
  const ended = once(client, 'end');
  await client.quit();
  await ended;
  const startMs = performance.now();
  await cache.get('a');
  expect(performance.now() - startMs).toBeLessThan(500);
  expect(told).toEqual(['ready', 'connection Connection is closed.']);
});
