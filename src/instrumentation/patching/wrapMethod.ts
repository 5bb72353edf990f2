import { isFunction } from '../../values/guards.js';
import type { AnyFunction } from '../../values/guards.js';

const wrappers = new WeakSet<object>();

/** Whether a method is a wrapper made here: both a class and its base class may be found. */
export function isOurWrapper(method: unknown): boolean {
  return isFunction(method) && wrappers.has(method);
}

/** Puts a wrapper on a prototype and marks it with `__original`, `__unwrap` and `__wrapped`. */
export type PutWrapper = (owner: object, wrapper: AnyFunction) => void;

export interface WrappedMethod {
  /** Whether our wrapper is still the first to be called. */
  readonly isInPlace: () => boolean;
  readonly restore: () => void;
}

/**
 * Wraps a method where it is defined: on `prototype` or on what that inherits from.
 *
 * The wrapper carries `__original`, `__unwrap` and `__wrapped`, the marks OpenTelemetry's instrumentations leave: one that is
 * registered later removes ours before it adds its own, so that no query is traced twice.
 *
 * @param put puts the wrapper in place for us, possibly later
 */
export function wrapMethod(
  prototype: object,
  name: string,
  around: (original: AnyFunction) => AnyFunction,
  put?: PutWrapper,
): WrappedMethod {
  const owner = ownerOf(prototype, name);
  const descriptor = owner === undefined ? undefined : Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = descriptor?.value;
  if (owner === undefined || !isFunction(original)) return { isInPlace: () => false, restore: () => undefined };

  const traced = around(original);
  let isOn = true;
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(isOn ? traced : original, this, args);
  };
  Object.defineProperties(wrapper, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
  });
  wrappers.add(wrapper);
  const isInPlace = (): boolean => Reflect.get(owner, name) === wrapper;
  const putBack = (): void => {
    if (isInPlace()) Object.defineProperty(owner, name, { ...descriptor, value: original });
  };
  const putOn = (): void => {
    for (const [key, value] of Object.entries({ __original: original, __unwrap: putBack, __wrapped: true })) {
      Object.defineProperty(wrapper, key, { value, configurable: true, writable: true });
    }
    Object.defineProperty(owner, name, { ...descriptor, value: wrapper });
  };
  if (put === undefined) putOn();
  else put(owner, wrapper);
  const restore = (): void => {
    // Code that has wrapped our wrapper since keeps it, and from now on it only calls through.
    isOn = false;
    putBack();
  };
  return { isInPlace, restore };
}

/** Returns the object in the prototype chain of `prototype` on which a method is defined. */
export function ownerOf(prototype: object, name: string): object | undefined {
  for (let owner: object | null = prototype; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, name)) return owner;
  }
  return undefined;
}
