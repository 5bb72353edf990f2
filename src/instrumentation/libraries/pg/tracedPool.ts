import { context } from '@opentelemetry/api';
import { quietly } from '../../../errors/quietly.js';
import type { KnownPool } from './knownPools.js';
import type { Operations } from './operations.js';
import { isFunction, isRecord, isThenable } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { PgPool } from './pgTypes.js';
import type { PoolTimes } from './poolTimes.js';

/** What a pool's two methods share. */
export interface PoolTracing {
  readonly connect: (original: AnyFunction) => AnyFunction;
  readonly query: (original: AnyFunction) => AnyFunction;
}

interface Wait {
  readonly handedOut: (client: unknown) => void;
  readonly refused: (error: unknown) => void;
}

/**
 * Traces `connect` and `query` of a pool.
 *
 * `pool.query()` asks `connect` for a client and then calls that client. When there is none, no client ever sees the query, so its
 * failure is reported from here.
 */
export function tracePools(times: PoolTimes, operations: Operations): PoolTracing {
  // Set while `pool.query()` runs, which calls `connect` before it returns.
  let asking: { readonly query: unknown } | undefined;

  const begin = (pool: PgPool): (Wait & { readonly known: KnownPool }) | undefined => {
    const asked = asking;
    asking = undefined;
    try {
      const known = times.asked(pool);
      const startMs = times.nowMs();
      return {
        known,
        handedOut: (client) => quietly(() => times.handedOut(known, client, startMs)),
        refused: (error) =>
          quietly(() => {
            times.refused(known, error, startMs);
            if (asked !== undefined) operations.failed(known.place, asked.query, error, times.nowMs() - startMs);
          }),
      };
    } catch {
      return undefined;
    }
  };

  const connect = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      const wait = isPool(this) ? begin(this) : undefined;
      if (wait === undefined || !isPool(this)) return Reflect.apply(original, this, args);
      const [callback, ...rest] = args;
      const result = Reflect.apply(original, this, isFunction(callback) ? [notified(wait, callback), ...rest] : args);
      quietly(() => isPool(this) && wait.known.learn(this));
      return isFunction(callback) || !isThenable(result) ? result : awaited(wait, result);
    };

  const query = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      asking = { query: args[0] };
      try {
        return Reflect.apply(original, this, args);
      } finally {
        asking = undefined;
      }
    };

  return { connect, query };
}

/** Runs the callback in the caller's context: a pool answers from the context of the code that returned a client, or of the socket. */
function notified(wait: Wait, callback: AnyFunction): AnyFunction {
  const callersContext = context.active();
  return function (this: unknown, ...answer: unknown[]): unknown {
    const [error, client] = answer;
    return context.with(callersContext, () => {
      if (error) wait.refused(error);
      else wait.handedOut(client);
      return Reflect.apply(callback, this, answer);
    });
  };
}

function awaited(wait: Wait, result: PromiseLike<unknown>): PromiseLike<unknown> {
  return result.then(
    (client) => {
      wait.handedOut(client);
      return client;
    },
    (error: unknown) => {
      wait.refused(error);
      throw error;
    },
  );
}

function isPool(value: unknown): value is PgPool {
  return isRecord(value) && isFunction(Reflect.get(value, 'on')) && isFunction(Reflect.get(value, 'removeListener'));
}
