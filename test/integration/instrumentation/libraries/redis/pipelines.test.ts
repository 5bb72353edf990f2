import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisUrl } from '../../../../setup/services.js';
import { coveredRedis } from './coveredRedis.js';
import type { CommandSpan } from './coveredRedis.js';

const KEY = `pipelines-${process.pid}`;
/** Far longer than commands take, on a busy machine too. */
const WAITED_MS = 1000;
const belonging = (spans: readonly CommandSpan[]): unknown[] => spans.map(({ name, request, error }) => [request, name, error]).sort();

function client(enableAutoPipelining = false): Redis & AsyncDisposable {
  const redis = new Redis(redisUrl(), { enableAutoPipelining });
  return Object.assign(redis, { [Symbol.asyncDispose]: async () => void (await redis.quit()) });
}

it('gives each command that a client sends together with others to the request that made it', async () => {
  await using redis = coveredRedis();
  await using used = client(true);
  const requests = [1, 2, 3, 4].map((index) =>
    redis.inRequest(`request ${index}`, async () => {
      await used.set(`${KEY}-${index}`, index);
      await used.get(`${KEY}-${index}`);
    }),
  );
  const nobodys = used.get(`${KEY}-1`);
  await Promise.all([...requests, nobodys]);
  expect(belonging(redis.commands())).toEqual(
    [1, 2, 3, 4].flatMap((index) => [
      [`request ${index}`, 'GET', undefined],
      [`request ${index}`, 'SET', undefined],
    ]),
  );
  await used.del(...[1, 2, 3, 4].map((index) => `${KEY}-${index}`));
});

it('measures a command that waits behind others from where it was made', async () => {
  await using redis = coveredRedis();
  await using used = client(true);
  await used.get(KEY);
  await redis.inRequest('request', async () => {
    const reply = used.get(KEY);
    const untilMs = performance.now() + 40;
    while (performance.now() < untilMs);
    await reply;
  });
  expect(redis.commands().map(({ durationMs }) => Math.round(durationMs))).toEqual([expect.toSatisfy((ms: number) => ms >= 38)]);
});

it('gives the commands of a pipeline to whoever made them, and times them from where it is sent', async () => {
  await using redis = coveredRedis();
  await using used = client();
  const pipeline = used.pipeline();
  for (const name of ['first', 'second']) await redis.inRequest(name, () => void pipeline.get(KEY));
  await wait(WAITED_MS);
  await redis.inRequest('sender', async () => await pipeline.exec());
  const commands = redis.commands();
  expect(belonging(commands)).toEqual([
    ['first', 'GET', undefined],
    ['second', 'GET', undefined],
  ]);
  expect(commands.every(({ durationMs }) => durationMs < WAITED_MS)).toBe(true);
});

it.each([
  [
    'a list of commands',
    async (used: Redis) =>
      await used
        .pipeline([
          ['set', KEY, '1'],
          ['get', KEY],
        ])
        .exec(),
    ['GET', 'SET'],
  ],
  ['a transaction', async (used: Redis) => await used.multi().set(KEY, '1').get(KEY).exec(), ['EXEC', 'GET', 'MULTI', 'SET']],
  [
    'a transaction without a pipeline',
    async (used: Redis) => {
      await used.multi({ pipeline: false });
      await used.get(KEY);
      await used.exec();
    },
    ['EXEC', 'GET', 'MULTI'],
  ],
  [
    'a script',
    async (used: Redis) => {
      used.defineCommand('answer', { numberOfKeys: 0, lua: 'return 42' });
      await (used as unknown as { answer(): Promise<number> }).answer();
    },
    ['EVALSHA'],
  ],
])('sees each command once: of %s', async (_what, work, names) => {
  await using redis = coveredRedis();
  await using used = client();
  await redis.inRequest('request', async () => await work(used));
  expect(belonging(redis.commands())).toEqual(names.map((name) => ['request', name, undefined]));
  await used.del(KEY);
});
