import type { Operation } from './operations.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';

/** A query that runs itself once `client.query()` gives it the connection: `Query`, `Cursor`, `QueryStream`, copy streams. */
export type Submittable = object;

const ENDINGS = ['handleReadyForQuery', 'handleError'] as const;

export function isSubmittable(query: unknown): query is Submittable {
  return isRecord(query) && isFunction(Reflect.get(query, 'submit'));
}

/** Whether the client will notify it of its end. Queries of `pg-native` learn that in another way; those are left alone. */
export function isObservable(query: Submittable): boolean {
  return ENDINGS.every((name) => isFunction(Reflect.get(query, name)));
}

/**
 * Ends `operation` when the client notifies the query that it is over: its rows were read to the end or its portal was closed
 * (`handleReadyForQuery`), or the server, the connection or a time limit ended it (`handleError`).
 *
 * The two methods are replaced on the query itself until then. What they do, and what else they notify, stays the same.
 */
export function watchSubmittable(query: Submittable, operation: Operation): void {
  const restore: (() => void)[] = [];
  const over = (): void => {
    for (const step of restore.splice(0)) step();
  };
  restore.push(
    replace(query, 'handleReadyForQuery', (original) => {
      return function (this: unknown, ...args: unknown[]): unknown {
        // A row that could not be parsed surfaces now: the query then calls its own `handleError`.
        if (!Reflect.get(query, '_canceledDueToError')) operation.succeed();
        try {
          return Reflect.apply(original, this, args);
        } finally {
          operation.succeed();
          over();
        }
      };
    }),
    replace(query, 'handleError', (original) => {
      return function (this: unknown, ...args: unknown[]): unknown {
        const hidden: unknown = Reflect.get(query, '_canceledDueToError');
        operation.fail(isRecord(hidden) ? hidden : args[0]);
        over();
        return Reflect.apply(original, this, args);
      };
    }),
  );
}

/**
 * Replaces a method with a non-enumerable one, as methods are. Undoing restores what was there, an own property or none, unless
 * other code has replaced ours since.
 */
function replace(query: Submittable, name: string, around: (original: AnyFunction) => AnyFunction): () => void {
  const original: unknown = Reflect.get(query, name);
  if (!isFunction(original)) return () => {};
  const own = Object.getOwnPropertyDescriptor(query, name);
  const replacement = around(original);
  if (
    !Reflect.defineProperty(query, name, { value: replacement, configurable: true, writable: true, enumerable: own?.enumerable ?? false })
  )
    return () => {};
  return () => {
    if (Object.getOwnPropertyDescriptor(query, name)?.value !== replacement) return;
    if (own === undefined) Reflect.deleteProperty(query, name);
    else Reflect.defineProperty(query, name, own);
  };
}
