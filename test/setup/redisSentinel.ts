import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { randomPassword, startThrowawayRedis } from './throwawayRedis.js';
import type { ThrowawayServer } from './throwawayServer.js';

const READY_TIMEOUT_MS = 60_000;

export interface RedisSentinelOptions {
  /** How many Sentinels watch, of which most have to agree. Default: one. */
  readonly count?: number;
  /** From when on a master that does not answer counts as down. Default: 30 s, so that it fails over only when told to. */
  readonly downAfterMs?: number;
}

/** A master, a replica of it, and the Sentinels that watch both. */
export interface WatchedRedis extends AsyncDisposable {
  /** What the Sentinel calls the master. */
  readonly name: string;
  readonly password: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** Port of the server that is the master now. */
  masterPort(): Promise<number>;
  /** Makes the replica the master; resolves when the Sentinel says that it is. */
  failOver(): Promise<void>;
  /** The server that is the master at first. */
  readonly firstMaster: ThrowawayServer;
}

/** @throws TestServiceError when this machine cannot run Redis. */
export async function startRedisSentinel({ count = 1, downAfterMs = 30_000 }: RedisSentinelOptions = {}): Promise<WatchedRedis> {
  const password = randomPassword();
  const name = 'primary';
  const servers: ThrowawayServer[] = [];
  const clients: Redis[] = [];
  const stop = async (): Promise<void> => {
    for (const client of clients) client.disconnect();
    await Promise.all(servers.map((server) => server.stop()));
  };
  const start = async (...[options]: Parameters<typeof startThrowawayRedis>): Promise<ThrowawayServer> => {
    const server = await startThrowawayRedis({ password, ...options });
    servers.push(server);
    clients.push(new Redis(server.url).on('error', () => undefined));
    return server;
  };
  try {
    const master = await start({ settings: { masterauth: password } });
    await start({ settings: { masterauth: password, replicaof: `127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay': '0' } });
    const watching = {
      [`sentinel monitor ${name}`]: `127.0.0.1 ${master.port} ${Math.floor(count / 2) + 1}`,
      [`sentinel auth-pass ${name}`]: password,
      [`sentinel down-after-milliseconds ${name}`]: String(downAfterMs),
    };
    const sentinels: ThrowawayServer[] = [];
    for (let number = 0; number < count; number += 1) sentinels.push(await start({ settings: watching, isSentinel: true }));
    const asking = clients.at(-1) ?? new Redis(master.url);
    const masterPort = async (): Promise<number> =>
      Number(((await asking.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as string[])[1]);
    await until('the Sentinels did not find each other', async () => {
      const others = (await asking.call('SENTINEL', 'SENTINELS', name)) as unknown[];
      return others.length === count - 1;
    });
    await until('a Sentinel did not find the replica', async () => {
      const [replica] = (await asking.call('SENTINEL', 'REPLICAS', name)) as string[][];
      return replica !== undefined && replica[replica.indexOf('master-link-status') + 1] === 'ok';
    });
    return {
      name,
      password,
      sentinels: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
      firstMaster: master,
      masterPort,
      failOver: async () => {
        const before = await masterPort();
        await asking.call('SENTINEL', 'FAILOVER', name);
        await until('the replica did not become the master', async () => (await masterPort()) !== before);
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function until(problem: string, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`${problem} within ${READY_TIMEOUT_MS / 1000} s`);
    await wait(100);
  }
}
