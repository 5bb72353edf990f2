import { once } from 'node:events';
import { trace } from '@opentelemetry/api';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisUrl } from '../../../../setup/services.js';
import { coveredRedis } from './coveredRedis.js';

const CHANNEL = `subscriptions-${process.pid}`;

it.each([
  ['message', async (redis: Redis) => void (await redis.subscribe(CHANNEL))],
  ['pmessage', async (redis: Redis) => void (await redis.psubscribe(`${CHANNEL}*`))],
  ['smessage', async (redis: Redis) => void (await redis.ssubscribe(CHANNEL))],
])('runs handlers of %s outside of the span in which the client was made, for every way to make one', async (event, subscribe) => {
  await using redis = coveredRedis();
  const publisher = new Redis(redisUrl());
  const active: unknown[] = [];
  const clients: Redis[] = [];
  const handled = await redis.inRequest('request', async () => {
    const lazy = new Redis(redisUrl(), { lazyConnect: true });
    clients.push(new Redis(redisUrl()), lazy);
    await lazy.connect();
    clients.push(lazy.duplicate());
    await Promise.all(clients.map(subscribe));
    return clients.map(async (client) => {
      client.on(event, () => {
        active.push(trace.getActiveSpan());
        void publisher.get('a');
      });
      await once(client, event);
    });
  });
  await redis.inRequest(
    'publishing',
    async () => void (event === 'smessage' ? await publisher.spublish(CHANNEL, 'x') : await publisher.publish(CHANNEL, 'x')),
  );
  await Promise.all(handled);
  await publisher.quit();
  for (const client of clients) client.disconnect();
  expect(active).toEqual([undefined, undefined, undefined]);
  expect(redis.commands().filter(({ name }) => name === 'GET')).toEqual([]);
  expect((await redis.points())['GET']).toBe(3);
});

it('runs handlers of a connection, also after it was lost and made again by a command, outside of any span', async () => {
  await using redis = coveredRedis();
  const client = new Redis(redisUrl(), { lazyConnect: true, retryStrategy: () => 10 });
  const active: [string, unknown][] = [];
  for (const event of ['connect', 'ready', 'close', 'reconnecting']) client.on(event, () => active.push([event, trace.getActiveSpan()]));
  await redis.inRequest('request', async () => {
    await client.get('a');
    const again = once(client, 'ready');
    client.disconnect(true);
    await again;
    await client.get('a');
  });
  client.disconnect();
  expect(new Set(active.map(([event]) => event))).toEqual(new Set(['connect', 'ready', 'close', 'reconnecting']));
  // `disconnect()` is called by the request, and so are the handlers of what it does at once.
  expect(active.filter(([event, span]) => span !== undefined && (event === 'connect' || event === 'ready'))).toEqual([]);
  expect(redis.commands().map(({ name, request }) => [name, request])).toEqual([
    ['GET', 'request'],
    ['GET', 'request'],
  ]);
});
