import { isPromise } from 'node:util/types';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { AnyFunction } from '../../../values/guards.js';

/**
 * Works like `context.with`, except that a failing context manager neither prevents the call of `original` nor loses its
 * result.
 */
export function callIn(active: Context, original: AnyFunction, self: unknown, args: unknown[]): unknown {
  let called = false;
  let returned = false;
  let result: unknown;
  try {
    context.with(active, () => {
      called = true;
      result = original.apply(self, args);
      returned = true;
    });
  } catch (thrown) {
    if (called && !returned) throw thrown;
  }
  return called ? result : original.apply(self, args);
}

/**
 * Calls back when a promise settles, and returns whether `value` is one. This is a side branch: the promise itself stays
 * untouched, and a rejection is handled here for us only. The check is native, because a proxy may throw when inspected.
 */
export function onSettled(value: unknown, done: () => void, failed: (error: unknown) => void): boolean {
  if (!isPromise(value)) return false;
  try {
    value.then(done, failed);
  } catch {
    done();
  }
  return true;
}
