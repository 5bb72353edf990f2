import { startDetached } from '../../../telemetry/detached.js';
import type { AnyFunction } from './redisTypes.js';

/** A method that starts what outlives the span in which it happens to be called. */
export function detachedMethod(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    return startDetached(() => Reflect.apply(original, this, args));
  };
}
