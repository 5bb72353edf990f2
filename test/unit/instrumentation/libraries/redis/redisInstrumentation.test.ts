import { expect, it } from 'vitest';
import { putOnRedis } from '../../../../../src/instrumentation/libraries/redis/redisInstrumentation.js';

function redis() {
  return class {
    sendCommand(): string {
      return 'sent';
    }
    connect(): string {
      return 'connected';
    }
  };
}

it('has instrumentation-ioredis put our wrapper on, without its marks, and restores all it touched', () => {
  const { prototype } = redis();
  const before = Object.getOwnPropertyDescriptors(prototype);
  const restore = putOnRedis(prototype, () => 'ours');
  expect([prototype.sendCommand(), prototype.connect()]).toEqual(['ours', 'connected']);
  expect(
    ['sendCommand', 'connect'].flatMap((name) =>
      Object.keys(Object.getOwnPropertyDescriptors(Reflect.get(prototype, name))).filter((key) => key.startsWith('__')),
    ),
  ).toEqual([]);
  restore();
  expect(Object.getOwnPropertyDescriptors(prototype)).toEqual(before);
});

it('leaves what someone put on top', () => {
  const { prototype } = redis();
  const restore = putOnRedis(prototype, () => 'ours');
  const theirs = (): string => 'theirs';
  prototype.sendCommand = theirs;
  restore();
  expect(prototype.sendCommand).toBe(theirs);
});
