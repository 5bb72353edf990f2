import { Redis } from 'ioredis';
import { startRedisSentinel } from '../../setup/redisSentinel.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { startThrowawayRedis, type ThrowawayRedisOptions } from '../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../setup/throwawayServer.js';
import type { HealthReason } from '../../../src/telemetry/catalogue/health.js';
import { Loop } from '../../stack/live/load/callers.js';
import { Door } from '../lab/door.js';
import { storedEntries } from '../lab/stored.js';
import type { Expectation, FaultRow, Scene } from '../row.js';
import { throughPort } from './postgresRow.js';

const OUTAGE_MS = 10_000;
const AGAIN_MS = 100;
/** Longer than the servers wait for Redis, which is 300 ms. */
const LATENCY_MS = 400;
const DOWN_AFTER_MS = 1000;
const SENTINELS = 3;

/** What must be seen while Redis is of no use: no call fails of it. */
function redisAway(...reasons: readonly HealthReason[]): Expectation {
  return { health: { part: 'redis', reasons }, alongside: ['features'], alerts: ['RedisUnavailable'], noCallFails: true };
}

interface Breaking {
  readonly env: Readonly<Record<string, string>>;
  readonly inject: () => Promise<unknown>;
  readonly mend?: () => Promise<unknown>;
}

/** A row of two servers on one PostgreSQL, with Redis as their cache. */
function redisRow(row: Omit<FaultRow, 'group' | 'open'>, breaking: (cleanUp: AsyncDisposableStack) => Promise<Breaking>): FaultRow {
  return {
    ...row,
    group: 'Redis',
    open: async (_place, cleanUp): Promise<Scene> => {
      const postgres = cleanUp.use(await startThrowawayPostgres());
      const { env, inject, mend } = await breaking(cleanUp);
      return {
        env: { DATABASE_URL: postgres.url, ...env },
        replicas: 2,
        inject: async () => void (await inject()),
        mend: async () => void (await mend?.()),
        stored: () => storedEntries({ connectionString: postgres.url }),
      };
    },
  };
}

/** A row of one Redis server. */
function oneRedis(
  row: Omit<FaultRow, 'group' | 'open'>,
  breaking: (
    redis: ThrowawayServer,
    client: Redis,
    cleanUp: AsyncDisposableStack,
  ) => Promise<Omit<Breaking, 'env'> & { readonly url?: string }>,
  options: ThrowawayRedisOptions = {},
): FaultRow {
  return redisRow(row, async (cleanUp) => {
    const redis = cleanUp.use(await startThrowawayRedis(options));
    const client = new Redis(redis.url).on('error', () => undefined);
    cleanUp.defer(() => client.disconnect());
    const { url = redis.url, ...rest } = await breaking(redis, client, cleanUp);
    return { env: { REDIS_URL: url }, ...rest };
  });
}

/** Does something over and over while the fault lasts. */
function overAndOver(act: () => Promise<unknown>): Omit<Breaking, 'env'> {
  let loop: Loop | undefined;
  return {
    inject: async () => {
      await act();
      loop = new Loop(act, AGAIN_MS);
    },
    mend: async () => loop?.[Symbol.asyncDispose](),
  };
}

/** Replaces every value by a list. */
async function makeLists(client: Redis): Promise<void> {
  for (const key of await client.keys('*')) await client.multi().del(key).rpush(key, 'not what it was').exec();
}

const HARMLESS: Expectation = {
  alerts: [],
  noAlert: 'nothing is wrong: what is missed is read from the database and written again',
  noCallFails: true,
};

export const redisRows: readonly FaultRow[] = [
  oneRedis(
    {
      name: 'redis-kill',
      title: 'kill -9',
      how: 'SIGKILL, started again, empty, after 10 s',
      holdMs: OUTAGE_MS,
      expects: redisAway('unreachable'),
    },
    async (redis) => ({ inject: () => redis.kill9(), mend: () => redis.start() }),
  ),
  redisRow(
    {
      name: 'redis-sentinel',
      title: 'failover by Sentinel',
      how: `SIGKILL to the master; ${SENTINELS} Sentinels make its replica the master after ${DOWN_AFTER_MS / 1000} s of silence, and the old one stays away`,
      holdMs: 0,
      expects: redisAway('unreachable', 'timed_out', 'read_only'),
    },
    async (cleanUp) => {
      const watched = cleanUp.use(await startRedisSentinel({ count: SENTINELS, downAfterMs: DOWN_AFTER_MS }));
      const sentinels = watched.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
      return {
        env: {
          REDIS_SENTINELS: `default:${encodeURIComponent(watched.password)}@${sentinels}/${watched.name}`,
          REDIS_SENTINEL_PASSWORD: watched.password,
        },
        inject: () => watched.firstMaster.kill9(),
      };
    },
  ),
  oneRedis(
    {
      name: 'redis-flush',
      title: 'FLUSHALL',
      how: 'FLUSHALL ten times a second for 10 s',
      holdMs: OUTAGE_MS,
      expects: HARMLESS,
    },
    async (_redis, client) => overAndOver(() => client.flushall()),
  ),
  oneRedis(
    {
      name: 'redis-pause',
      title: 'paused',
      how: 'SIGSTOP, SIGCONT after 10 s',
      holdMs: OUTAGE_MS,
      expects: redisAway('timed_out', 'unreachable'),
    },
    async (redis) => ({ inject: () => redis.pause(), mend: () => redis.resume() }),
  ),
  oneRedis(
    {
      name: 'redis-slow',
      title: 'slow',
      how: `a proxy delays everything by ${LATENCY_MS} ms each way for 10 s`,
      holdMs: OUTAGE_MS,
      expects: redisAway('timed_out', 'slow', 'unreachable'),
    },
    async (redis, _client, cleanUp) => {
      const door = cleanUp.use(await Door.open(redis.port));
      const delay = (ms: number) => async (): Promise<void> => {
        door.latencyMs = ms;
      };
      return { url: throughPort(redis.url, door.port), inject: delay(LATENCY_MS), mend: delay(0) };
    },
  ),
  oneRedis(
    {
      name: 'redis-type',
      title: 'wrong type',
      how: 'every value is replaced by a list, ten times a second for 10 s',
      holdMs: OUTAGE_MS,
      expects: HARMLESS,
    },
    async (_redis, client) => overAndOver(() => makeLists(client)),
  ),
  oneRedis(
    {
      name: 'redis-memory',
      title: 'out of memory',
      how: '`maxmemory` is set below what is in use, with `noeviction`, for 10 s',
      holdMs: OUTAGE_MS,
      expects: redisAway('full'),
    },
    async (_redis, client) => ({
      inject: () => client.config('SET', 'maxmemory', '1mb'),
      mend: () => client.config('SET', 'maxmemory', '0'),
    }),
    { settings: { 'maxmemory-policy': 'noeviction' } },
  ),
  oneRedis(
    {
      name: 'redis-replica',
      title: 'made a replica',
      how: '`REPLICAOF` of a server that does not exist, for 10 s: it answers reads and refuses writes',
      holdMs: OUTAGE_MS,
      expects: redisAway('read_only', 'unreachable'),
    },
    async (_redis, client) => ({ inject: () => client.replicaof('127.0.0.1', 1), mend: () => client.replicaof('NO', 'ONE') }),
  ),
];
