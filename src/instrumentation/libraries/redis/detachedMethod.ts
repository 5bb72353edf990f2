import { startDetached } from '../../../telemetry/detached.js';
import type { AnyFunction } from '../../../values/guards.js';

/** Wraps a method that starts something which outlives the span that happens to be active when it is called. */
export function detachedMethod(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    return startDetached(() => Reflect.apply(original, this, args));
  };
}
