import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import type { RedisCommands } from './redisCommands.js';

export interface RedisChannel {
  /** Whether a command was published: some copy of ioredis that we did not find is in use, in a bundle. */
  readonly wasUsed: () => boolean;
  readonly end: () => void;
}

/**
 * Feeds `commands` from the diagnostics channel of ioredis 5.11 and later, for bundled copies. Works for clients created before the
 * call, and ends with the reply rather than the write.
 *
 * Not for copies that can be patched. With a subscriber, ioredis returns a different promise, on which it handles every rejection:
 * a failed command that the host never looks at would no longer be an unhandled rejection.
 */
export function subscribeRedis(commands: RedisCommands): RedisChannel {
  const channel = tracingChannel('ioredis:command');
  let used = false;
  const start = (message: object): void => {
    used = true;
    commands.start(message);
  };
  const handlers = [
    [channel.start, guarded(start)],
    [channel.asyncEnd, guarded((message) => commands.end(message))],
  ] as const;
  for (const [{ name }, handler] of handlers) subscribe(name, handler);
  return {
    wasUsed: () => used,
    end: () => {
      for (const [{ name }, handler] of handlers) unsubscribe(name, handler);
    },
  };
}

/** An exception in a channel subscriber becomes an uncaught exception of the host. */
function guarded(handle: (message: object) => void): (message: unknown) => void {
  return (message) => {
    try {
      if (typeof message === 'object' && message !== null) handle(message);
    } catch {
      // The command goes on untraced.
    }
  };
}
