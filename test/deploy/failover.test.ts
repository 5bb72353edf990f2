import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisNodes } from './redisNodes.js';

// The Redis of the profile ha, with its own files: what the Compose file starts, without an engine.

// An election without a majority is repeated after twice the Sentinels' failover-timeout, and a Sentinel whose clock jumps, as on a busy
// machine, does nothing for half a minute.
const DEADLINE_MS = 120_000;
let nodes: RedisNodes;

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + DEADLINE_MS; !(await holds()); await wait(100)) {
    if (performance.now() > endMs) throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s.\n${nodes.logs()}`);
  }
}

const roleOf = async (name: string): Promise<unknown> => ((await nodes.ask(name, 'ROLE')) as unknown[] | undefined)?.[0];
const primary = async (): Promise<unknown> =>
  ((await nodes.ask('sentinel-2', 'SENTINEL', 'get-master-addr-by-name', 'handoff')) as unknown[] | undefined)?.[0];
/** Whether this Sentinel knows the replica and the two others. One that does not has nobody to fail over to, and waits. */
async function knowsAll(sentinel: string): Promise<boolean> {
  const fields = ((await nodes.ask(sentinel, 'SENTINEL', 'MASTER', 'handoff')) as unknown[] | undefined) ?? [];
  return ['num-slaves', 'num-other-sentinels'].map((key) => fields[fields.indexOf(key) + 1]).join() === '1,2';
}
const allKnown = async (): Promise<boolean> =>
  (await Promise.all(['sentinel-1', 'sentinel-2', 'sentinel-3'].map(knowsAll))).every((knows) => knows);
const writable = async (key: string): Promise<boolean> => (await nodes.ask('proxy', 'SET', key, 'there')) === 'OK';

beforeAll(async () => {
  nodes = await RedisNodes.create();
  for (const name of ['redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3']) await nodes.start(name);
  await nodes.startProxy();
});
afterAll(async () => {
  await nodes.stop();
});

describe('Redis of the profile ha', () => {
  it('begins with redis-1 as the primary, to which the proxy leads', async () => {
    await until('the Sentinels know each other and the replica', allKnown);
    await until('a write through the proxy', () => writable('before'));
    expect(await roleOf('redis-2')).toBe('slave');
    expect(String(await nodes.ask('redis-1', 'INFO', 'server'))).toContain(`process_id:${nodes.pidOf('redis-1')}\r\n`);
  });

  it('accepts writes again after the primary was killed, and has what was written before', async () => {
    await until('the write is on the replica', async () => (await nodes.ask('redis-2', 'GET', 'before')) === 'there');
    await nodes.kill('redis-1');
    await until('a write through the proxy', () => writable('during'));
    await until('the Sentinels agree on redis-2', async () => (await primary()) === nodes.addresses['redis-2']);
    expect(await nodes.ask('proxy', 'GET', 'before')).toBe('there');
  });

  it('takes a former primary back as a replica, from its first moment on', async () => {
    await nodes.start('redis-1');
    await until('it answers', async () => (await roleOf('redis-1')) !== undefined);
    expect(await roleOf('redis-1')).toBe('slave');
    expect(nodes.said('redis-1')).toContain(`the primary is ${nodes.addresses['redis-2']}`);
    await until('it has what was written meanwhile', async () => (await nodes.ask('redis-1', 'GET', 'during')) === 'there');
  });

  it('fails over back, although a Sentinel lost all that it knew', async () => {
    await nodes.kill('sentinel-1');
    await nodes.start('sentinel-1');
    // Started anew, it knows only what run.sh finds out: by itself it would watch redis-1.
    const learnt = `the primary is ${nodes.addresses['redis-2']}`;
    await until('it asked the others', async () => Promise.resolve(nodes.said('sentinel-1').includes(learnt)));
    await until('the Sentinels know each other and the replica', allKnown);
    await nodes.kill('redis-2');
    await until('a write through the proxy', () => writable('after'));
    await until('the Sentinels agree on redis-1', async () => (await primary()) === nodes.addresses['redis-1']);
  });

  it('lets the other node take over, which has the data, when the primary is gone for less time than a failover takes', async () => {
    await nodes.start('redis-2');
    await until('the Sentinels know each other and the replica', allKnown);
    await until('redis-2 is a replica with the data', async () => (await nodes.ask('redis-2', 'GET', 'after')) === 'there');
    await nodes.kill('redis-1');
    await nodes.start('redis-1');
    await until('the Sentinels agree on redis-2', async () => (await primary()) === nodes.addresses['redis-2']);
    await until('redis-1 is its replica', async () => (await roleOf('redis-1')) === 'slave');
    await until('the proxy leads to redis-2', () => writable('again'));
    expect(await nodes.ask('proxy', 'GET', 'before')).toBe('there');
  });
});
