import { attempt, put } from './host.js';
import type { Libraries } from './host.js';

export async function putIntoRedis({ Redis }: Libraries, url: string): Promise<void> {
  const redis = new Redis(url, { connectionName: 'canary' });
  redis.on('error', () => undefined);
  const prefix = 'handoff-canary:';
  await put('Redis key', async (secret) => [
    await redis.set(prefix + secret, 'v', 'EX', 20),
    await redis.keys(`${prefix}${secret.slice(0, 5)}*`),
  ]);
  await put('Redis value', async (secret) => [await redis.set(`${prefix}v`, secret, 'EX', 20), await redis.get(`${prefix}v`)]);
  await put('Redis hash field', async (secret) => [await redis.hset(`${prefix}h`, secret, '1'), await redis.hkeys(`${prefix}h`)]);
  await put('Redis hash value', async (secret) => [await redis.hset(`${prefix}h`, { field: secret }), await redis.hgetall(`${prefix}h`)]);
  await put('Redis set member', async (secret) => [
    await redis.sadd(`${prefix}s`, secret),
    await redis.sismember(`${prefix}s`, secret),
    await redis.smembers(`${prefix}s`),
    await redis.srem(`${prefix}s`, secret),
  ]);
  await put('Redis sorted set member', async (secret) => [
    await redis.zadd(`${prefix}z`, 1, secret),
    await redis.zrange(`${prefix}z`, '0', '-1'),
  ]);
  await put('Redis list element', async (secret) => [await redis.lpush(`${prefix}l`, secret), await redis.lrange(`${prefix}l`, 0, -1)]);
  await put('Redis stream entry', async (secret) => [
    await redis.xadd(`${prefix}x`, '*', 'field', secret),
    await redis.xrange(`${prefix}x`, '-', '+'),
  ]);
  await put('Redis script', (secret) => redis.eval(`return '${secret}'`, 0));
  await put('argument of a Redis script', (secret) => redis.eval('return ARGV[1]', 0, secret));
  await put('key of a Redis script', (secret) => redis.eval('return KEYS[1]', 1, secret));
  await put('argument of a loaded Redis script', async (secret) =>
    redis.evalsha((await redis.script('LOAD', 'return ARGV[1]')) as string, 0, secret),
  );
  await put('error of a Redis script', (secret) => redis.eval(`return redis.error_reply('${secret} ${secret}')`, 0));
  await put('script that does not compile', (secret) => redis.eval(`this is ${secret}`, 0));
  await put('name of a defined command', async (secret) => {
    redis.defineCommand(secret, { lua: 'return ARGV[1]', numberOfKeys: 0 });
    return [secret, await (Reflect.get(redis, secret) as (argument: string) => Promise<unknown>).call(redis, secret)];
  });
  await put('Redis command that does not exist', (secret) => redis.call(secret, 'a'));
  await put('arguments of a wrong Redis command', (secret) => redis.call('CONFIG', 'NOTHING', secret));
  await put('failed Redis command', async (secret) => ({ secret, answer: await attempt(() => redis.lpush(`${prefix}v`, secret)) }));
  await put('pipeline', (secret) =>
    redis.pipeline().set(`${prefix}p`, secret, 'EX', 20).get(`${prefix}p`).lpush(`${prefix}p`, secret).exec(),
  );
  await put('MULTI', (secret) => redis.multi().set(`${prefix}m`, secret, 'EX', 20).get(`${prefix}m`).exec());
  await put('Redis password', (secret) =>
    redis.auth('handoff', secret).then(
      () => secret,
      (error: unknown) => ({ error, secret }),
    ),
  );
  await put('Redis client name', async (secret) => [await redis.client('SETNAME', secret), await redis.client('GETNAME')]);
  await put('Redis channel and message', async (secret) => {
    const subscriber = new Redis(url);
    const heard = new Promise((resolve) =>
      subscriber.on('message', (...told) => {
        resolve(told);
      }),
    );
    await subscriber.subscribe(secret);
    await redis.publish(secret, secret);
    const message = await heard;
    await subscriber.unsubscribe(secret);
    await subscriber.quit();
    return message;
  });
  await put('key prefix', async (secret) => {
    const prefixed = new Redis(url, { keyPrefix: secret });
    await prefixed.set('k', 'v', 'EX', 20);
    const keys = await redis.keys(`${secret}*`);
    await prefixed.quit();
    return keys;
  });
  await putIntoConnections(Redis, url);
  await redis.del(['v', 'h', 's', 'z', 'l', 'x', 'p', 'm'].map((key) => prefix + key));
  await redis.quit();
}

async function putIntoConnections(Redis: Libraries['Redis'], url: string): Promise<void> {
  const connecting = async (change: (url: URL) => void): Promise<unknown> => {
    const changed = new URL(url);
    change(changed);
    const client = new Redis(changed.href, {
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      showFriendlyErrorStack: true,
    });
    client.on('error', () => undefined);
    const answers = [await attempt(() => client.connect()), await attempt(() => client.get('k'))];
    client.disconnect();
    return { answers, given: changed.href };
  };
  await put('password in a Redis URL', (secret) =>
    connecting((to) => {
      to.username = 'default';
      to.password = secret;
    }),
  );
  await put('user in a Redis URL', (secret) =>
    connecting((to) => {
      to.username = secret;
      to.password = 'p';
    }),
  );
  await put('password for a Redis that is not there', (secret) =>
    connecting((to) => {
      to.password = secret;
      to.port = '1';
    }),
  );
}
