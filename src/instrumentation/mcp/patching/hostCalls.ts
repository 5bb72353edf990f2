import { isPromise } from 'node:util/types';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { AnyFunction } from '../../../values/guards.js';

/**
 * `context.with`, except that a context manager that fails neither keeps `original` from being called nor loses what it
 * answered.
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
 * Calls back when a promise settles, and answers whether `value` is one. A side branch: whoever has the promise gets it
 * untouched, and a rejection is handled here for us only. Asked natively, because a proxy may throw when asked what it is.
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
