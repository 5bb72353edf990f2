import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redisUrl } from '../../../../setup/services.js';
import { startRedisSentinel } from '../../../../setup/redisSentinel.js';
import type { WatchedRedis } from '../../../../setup/redisSentinel.js';
import { coveredRedis } from './coveredRedis.js';

let watched: WatchedRedis;
beforeAll(async () => {
  watched = await startRedisSentinel();
}, 120_000);
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
});

function client(): Redis & AsyncDisposable {
  const { name, sentinels, password } = watched;
  const redis = new Redis({
    sentinels: [...sentinels],
    name,
    password,
    sentinelPassword: password,
    sentinelRetryStrategy: () => 50,
    retryStrategy: () => 50,
  });
  redis.on('error', () => undefined);
  return Object.assign(redis, { [Symbol.asyncDispose]: async () => redis.disconnect() });
}

it('says at which master a command was, before and after a failover, also if it had to wait; asking the Sentinel is not part of it', async () => {
  await using redis = coveredRedis();
  const before = await watched.masterPort();
  await using used = await redis.inRequest('early', async () => {
    const made = client();
    await made.get('a');
    return made;
  });
  await redis.inRequest('before', async () => await used.get('a'));
  // Errors on the way are to be expected.
  const connectedAgain = new Promise((resolve) => void used.once('close', () => used.once('ready', resolve)));
  await watched.failOver();
  await connectedAgain;
  const after = await watched.masterPort();
  await redis.inRequest('after', async () => await used.get('a'));
  expect(before).not.toBe(after);
  expect(redis.commands().map(({ name, request, address }) => [name, request, address])).toEqual([
    ['GET', 'early', `127.0.0.1:${before}`],
    ['GET', 'before', `127.0.0.1:${before}`],
    ['GET', 'after', `127.0.0.1:${after}`],
  ]);
  expect(await redis.points()).toHaveProperty('SENTINEL');
}, 120_000);

it('names the host that the program named where it named one', async () => {
  await using redis = coveredRedis();
  const { port, password } = new URL(redisUrl());
  const used = new Redis({ host: 'localhost', port: Number(port), password });
  await redis.inRequest('request', async () => await used.get('a'));
  used.disconnect();
  expect(redis.commands().map(({ address }) => address)).toEqual([`localhost:${port}`]);
});

it('names no place for a command that never was anywhere', async () => {
  await using redis = coveredRedis();
  const used = new Redis({ sentinels: [{ host: '127.0.0.1', port: 1 }], name: 'nobody', sentinelRetryStrategy: () => null });
  used.on('error', () => undefined);
  await redis.inRequest('request', async () => await expect(used.get('a')).rejects.toThrow('sentinels are unreachable'));
  expect(redis.commands().map(({ address, error }) => [address, error])).toEqual([['undefined:undefined', 'no_sentinel_available']]);
});
