import type { CoverClass } from '../coverage.js';
import { subscribeRedis } from './redisChannel.js';
import { RedisCommands } from './redisCommands.js';
import type { RedisDependencies } from './redisCommands.js';
import { hasRedisChannel, patchRedis } from './redisPatch.js';
import type { RedisPrototype } from './redisTypes.js';
import { isWrappedByOther } from '../wrapped.js';

export interface RedisCover {
  readonly cover: CoverClass;
  /** Whether there was a command: some copy of ioredis is in use, even if only in a bundle. */
  readonly wasSeen: () => boolean;
  readonly disable: () => void;
}

/**
 * Covers ioredis: copies that are found, by a patch, and a bundled one by its channel (5.11 and later). Both create the same spans
 * and points. We subscribe to the channel until a copy that has it is found, since a subscriber changes what ioredis does (see
 * `subscribeRedis`); if a bundled copy has already published by then, it is too late to unsubscribe, and the channel serves both.
 */
export function coverRedis(dependencies: RedisDependencies): RedisCover {
  const commands = new RedisCommands(dependencies);
  const channel = subscribeRedis(commands);
  return {
    cover: (target) => {
      const prototype = Reflect.get(target, 'prototype') as RedisPrototype;
      const wasForeign = isWrappedByOther(prototype.sendCommand);
      const byChannel = hasRedisChannel(prototype) && channel.wasUsed();
      if (hasRedisChannel(prototype) && !byChannel) channel.end();
      const undo = patchRedis(prototype, commands, byChannel, () => Reflect.get(target, 'Cluster') as unknown);
      const ours = byChannel ? 'channel' : 'patched';
      return { undo, coverage: () => (wasForeign || isWrappedByOther(prototype.sendCommand) ? 'other' : ours) };
    },
    wasSeen: () => commands.wereSeen,
    disable: channel.end,
  };
}
