import { once } from 'node:events';
import { Cluster } from 'ioredis';
import type { ClusterOptions } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedisCluster } from '../../../../setup/redisCluster.js';
import type { RedisCluster } from '../../../../setup/redisCluster.js';
import { coveredRedis } from './coveredRedis.js';
import type { CommandSpan } from './coveredRedis.js';

let servers: RedisCluster;
beforeAll(async () => {
  servers = await startRedisCluster();
}, 120_000);
afterAll(async () => {
  await servers[Symbol.asyncDispose]();
});

/** Slots of the keys used here, by `CLUSTER KEYSLOT`. */
const SLOT_OF = async (key: string): Promise<number> => Number(await servers.admin(0).cluster('KEYSLOT', key));
const nodeOf = (index: number): string => `127.0.0.1:${servers.nodes[index]?.port ?? 0}`;

function client(options: ClusterOptions = {}): Cluster & AsyncDisposable {
  const cluster = new Cluster([...servers.nodes], {
    ...options,
    redisOptions: { password: servers.password },
    slotsRefreshTimeout: 10_000,
  });
  cluster.on('error', () => undefined);
  return Object.assign(cluster, { [Symbol.asyncDispose]: async () => cluster.disconnect() });
}

async function readyClient(options: ClusterOptions = {}): Promise<Cluster & AsyncDisposable> {
  const cluster = client(options);
  if (cluster.status !== 'ready') await once(cluster, 'ready');
  return cluster;
}

const shape = (spans: readonly CommandSpan[]): unknown[] => spans.map(({ name, request, error }) => [name, request, error]);
const retries = ({ attributes }: CommandSpan): unknown[] => [
  attributes['handoff.redis.retry.count'],
  attributes['handoff.redis.retry.reasons'],
];

/** A key whose slot the client believes to be at another node than it is. */
async function movedKey(cluster: Cluster, name: string): Promise<{ key: string; owner: string }> {
  const key = `moved:${name}`;
  const slot = await SLOT_OF(key);
  const [believed = ''] = cluster.slots[slot] ?? [];
  const to = servers.nodes.findIndex(({ port }) => believed !== `127.0.0.1:${port}`);
  await servers.giveSlot(slot, to);
  return { key, owner: nodeOf(to) };
}

async function askedKey(cluster: Cluster, name: string): Promise<{ key: string; importer: string }> {
  const key = `asked:${name}`;
  const slot = await SLOT_OF(key);
  const [believed = ''] = cluster.slots[slot] ?? [];
  const to = servers.nodes.findIndex(({ port }) => believed !== `127.0.0.1:${port}`);
  await servers.beginMigration(slot, to);
  return { key, importer: nodeOf(to) };
}

it('makes of a command that is moved one span, which went well, with the node that answered and its retries', async () => {
  await using redis = coveredRedis();
  await using cluster = await readyClient();
  const { key, owner } = await movedKey(cluster, 'one');
  const reply = await redis.inRequest('request', async () => await cluster.set(key, 'x'));
  expect(reply).toBe('OK');
  const commands = redis.commands();
  expect(shape(commands)).toEqual([['SET', 'request', undefined]]);
  expect(commands.map(({ address }) => address)).toEqual([owner]);
  expect(commands.map(retries)).toEqual([[1, ['MOVED']]]);
  expect(await redis.points()).not.toHaveProperty('SET MOVED');
});

it('does the same of one that is sent elsewhere for once, without a span of ASKING', async () => {
  await using redis = coveredRedis();
  await using cluster = await readyClient();
  const { key, importer } = await askedKey(cluster, 'one');
  expect(await redis.inRequest('request', async () => await cluster.set(key, 'x'))).toBe('OK');
  const commands = redis.commands();
  expect(shape(commands)).toEqual([['SET', 'request', undefined]]);
  expect(commands.map(({ address }) => address)).toEqual([importer]);
  expect(commands.map(retries)).toEqual([[1, ['ASK']]]);
});

it.each([
  ['moved', async (cluster: Cluster) => (await movedKey(cluster, 'pipeline')).key, 'MOVED'],
  ['sent elsewhere for once', async (cluster: Cluster) => (await askedKey(cluster, 'pipeline')).key, 'ASK'],
])('counts the commands of a pipeline that is %s once each', async (_what, prepare, reason) => {
  await using redis = coveredRedis();
  await using cluster = await readyClient();
  const key = await prepare(cluster);
  const replies = await redis.inRequest('request', async () => await cluster.pipeline().set(key, 'x').incr(`n:{${key}}`).exec());
  expect(replies).toEqual([
    [null, 'OK'],
    [null, 1],
  ]);
  const commands = redis.commands();
  expect(shape(commands)).toEqual([
    ['SET', 'request', undefined],
    ['INCR', 'request', undefined],
  ]);
  expect(commands.map(retries)).toEqual([
    [1, [reason]],
    [1, [reason]],
  ]);
  expect(await redis.points()).toMatchObject({ SET: 1, INCR: 1 });
});

it('says of a command that is given up why', async () => {
  await using redis = coveredRedis();
  await using cluster = await readyClient({ maxRedirections: 0 });
  const { key } = await movedKey(cluster, 'given up');
  await redis.inRequest('request', async () => await expect(cluster.set(key, 'x')).rejects.toThrow('Too many Cluster redirections'));
  const [[failure] = []] = (await redis.inRequest('pipeline', async () => await cluster.pipeline().set(key, 'x').exec())) ?? [];
  expect(failure?.message).toContain('MOVED');
  await using patient = await readyClient();
  await redis.inRequest('reply', async () => await expect(patient.call('set', 'a', 'b', 'NONSENSE')).rejects.toThrow('ERR'));
  expect(shape(redis.commands())).toEqual([
    ['SET', 'request', 'too_many_redirections'],
    ['SET', 'pipeline', 'MOVED'],
    ['SET', 'reply', 'ERR'],
  ]);
  expect(redis.commands().map(retries)).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

it('gives a command that was made before the Cluster was ready to whoever made it', async () => {
  await using redis = coveredRedis();
  let cluster: (Cluster & AsyncDisposable) | undefined;
  await redis.inRequest('maker of the client', () => {
    cluster = client();
  });
  await using used = cluster ?? client();
  const early = [
    redis.inRequest('first', async () => await used.get('early')),
    redis.inRequest('second', async () => await used.pipeline().get('early').exec()),
    redis.inRequest('third', async () => await used.multi().get('early').exec()),
  ];
  const nobodys = used.get('early');
  await Promise.all([...early, nobodys]);
  expect(shape(redis.commands()).sort()).toEqual([
    ['EXEC', 'third', undefined],
    ['GET', 'first', undefined],
    ['GET', 'second', undefined],
    ['GET', 'third', undefined],
    ['MULTI', 'third', undefined],
  ]);
});

it("makes no span of the Cluster's own work, whatever sets it off, and measures it", async () => {
  await using redis = coveredRedis();
  await using cluster = await redis.inRequest('maker of the client', async () => await readyClient());
  const { key } = await movedKey(cluster, 'own work');
  await redis.inRequest('request', async () => {
    const asked = once(cluster, 'refresh');
    await cluster.set(key, 'x');
    await asked;
    const again = once(cluster, 'refresh');
    cluster.refreshSlotsCache();
    await again;
    await cluster.subscribe('a-channel');
  });
  expect(shape(redis.commands())).toEqual([
    ['SET', 'request', undefined],
    ['SUBSCRIBE', 'request', undefined],
  ]);
  expect((await redis.points())['CLUSTER']).toBeGreaterThanOrEqual(3);
});

it('keeps commands of a Cluster that fills pipelines by itself with whoever made them, also those made before it was ready', async () => {
  await using redis = coveredRedis();
  await using cluster = client({ enableAutoPipelining: true });
  const made = (round: string): Promise<unknown>[] =>
    ['a', 'b', 'c'].map((name) => redis.inRequest(`${round} ${name}`, async () => await cluster.get(`${name}{one slot}`)));
  await Promise.all(made('early'));
  await Promise.all(made('late'));
  expect(shape(redis.commands()).sort()).toEqual(
    ['early a', 'early b', 'early c', 'late a', 'late b', 'late c'].map((request) => ['GET', request, undefined]),
  );
});
