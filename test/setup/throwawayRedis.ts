import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { KeptProcess } from './keptProcess.js';
import { redisBinary } from './redisBinary.js';
import { ThrowawayServer } from './throwawayServer.js';
import { temporaryRoot } from './unprivileged.js';

export interface ThrowawayRedisOptions {
  /** Further lines of redis.conf; they win over ours, e.g. `{ maxmemory: '10mb' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** One for all servers that have to log in at each other. Default: a random one. */
  readonly password?: string;
  /** The server becomes a Sentinel, which watches others and keeps no data. */
  readonly isSentinel?: boolean;
  /** Where to look for a port. Default: any free one. */
  readonly port?: () => Promise<number>;
}

export function randomPassword(): string {
  return randomBytes(18).toString('base64url');
}

/** Starts a Redis server of our own, which keeps nothing on disk. @throws TestServiceError when this machine cannot. */
export async function startThrowawayRedis(options: ThrowawayRedisOptions = {}): Promise<ThrowawayServer> {
  const { command, env } = await redisBinary();
  const work = mkdtempSync(join(temporaryRoot(), 'handoff-otel-redis-'));
  const kept = new KeptProcess(work, 'SIGKILL');
  const { password = randomPassword(), isSentinel = false, port } = options;
  const configFile = join(work, 'redis.conf');
  return ThrowawayServer.create({
    name: 'Redis',
    kept,
    stopSignal: 'SIGTERM',
    tidiesAtStart: false,
    ...(port === undefined ? {} : { port }),
    launch: (port) => {
      const settings = {
        save: '""',
        appendonly: 'no',
        ...options.settings,
        bind: '127.0.0.1',
        port: String(port),
        requirepass: password,
        dir: work,
      };
      // In a file: the password would be readable by everyone on a command line.
      writeFileSync(
        configFile,
        Object.entries(settings)
          .map(([key, value]) => `${key} ${value}\n`)
          .join(''),
        { mode: 0o600 },
      );
      return { command, args: isSentinel ? [configFile, '--sentinel'] : [configFile], env, cwd: work, logFile: join(work, 'server.log') };
    },
    url: (port) => `redis://:${password}@127.0.0.1:${port}/0`,
    probe,
  });
}

async function probe(url: string, pid: number): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
  });
  client.on('error', () => undefined); // reported by the call below
  try {
    await client.connect();
    const info = await client.info('server');
    if (!info.includes(`process_id:${pid}\r\n`)) throw new Error('another Redis answers on this port');
  } finally {
    client.disconnect();
  }
}
