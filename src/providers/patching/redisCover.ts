import type { CoverClass } from './coverage.js';
import { subscribeRedis } from './redisChannel.js';
import { RedisCommands } from './redisCommands.js';
import type { RedisDependencies } from './redisCommands.js';
import { hasRedisChannel, patchRedis } from './redisPatch.js';
import type { RedisPrototype } from './redisPatch.js';
import { isWrappedByOther } from './wrapped.js';

export interface RedisCover {
  readonly cover: CoverClass;
  /** Whether a command came over the channel: some copy of ioredis is in use, if only in a bundle. */
  readonly wasSeen: () => boolean;
  readonly disable: () => void;
}

/** Covers ioredis: by its channel from 5.11 on, by a patch before. Both make the same spans and points. */
export function coverRedis(dependencies: RedisDependencies): RedisCover {
  const commands = new RedisCommands(dependencies);
  const unsubscribe = subscribeRedis(commands);
  return {
    cover: (target) => {
      const prototype = Reflect.get(target, 'prototype') as RedisPrototype;
      const wasForeign = isWrappedByOther(prototype.sendCommand);
      const undo = patchRedis(prototype, commands);
      const ours = hasRedisChannel(prototype) ? 'channel' : 'patched';
      return { undo, coverage: () => (wasForeign || isWrappedByOther(prototype.sendCommand) ? 'other' : ours) };
    },
    wasSeen: () => commands.wereSeen,
    disable: unsubscribe,
  };
}
