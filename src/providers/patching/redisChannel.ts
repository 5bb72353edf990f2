import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import type { RedisCommands } from './redisCommands.js';

/**
 * Feeds `commands` from the diagnostics channel of ioredis 5.11 and later: works for clients made before the call and for
 * copies in bundles, and ends with the reply rather than the write. Returns what ends it.
 *
 * Commands given before the first connection is up are sent later, from outside the span that asked: `patchRedis` puts
 * those right, in the copies it is given.
 */
export function subscribeRedis(commands: RedisCommands): () => void {
  const channel = tracingChannel('ioredis:command');
  const handlers = [
    [channel.start, quietly((message) => commands.start(message))],
    [channel.asyncEnd, quietly((message) => commands.end(message))],
  ] as const;
  for (const [{ name }, handler] of handlers) subscribe(name, handler);
  return () => {
    for (const [{ name }, handler] of handlers) unsubscribe(name, handler);
  };
}

/** An exception in a channel subscriber becomes an uncaught exception of the host. */
function quietly(handle: (message: object) => void): (message: unknown) => void {
  return (message) => {
    try {
      if (typeof message === 'object' && message !== null) handle(message);
    } catch {
      // The command goes on untraced.
    }
  };
}
