import { systemClock } from '../../../../time/clock.js';
import { connectRedis } from '../../../storage/redisClient.js';
import type { RedisAddress, RedisClient } from '../../../storage/redisClient.js';
import { redisCause } from '../../../storage/redisFailure.js';

/** What `INFO` says of a server, by the names that Redis has for it. */
export type RedisInfo = ReadonlyMap<string, string>;

interface InformedClient extends RedisClient {
  info(): Promise<string>;
}

/** Connects as the server does and asks once. Rejects with the first failure: the server would try again and again. */
export async function askRedis(address: RedisAddress, limitMs: number): Promise<RedisInfo> {
  const client = (await connectRedis(address, limitMs, { random: Math.random, clock: systemClock })) as InformedClient;
  try {
    await ready(client, limitMs);
    return parse(await client.info());
  } finally {
    client.disconnect();
  }
}

function ready(client: RedisClient, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Command timed out')), limitMs);
    client.on('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    // Stays for errors of the connection that come later: without a listener they would end the process.
    client.on('error', (error) => {
      clearTimeout(timer);
      reject(redisCause(error));
    });
  });
}

function parse(text: string): RedisInfo {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
}
