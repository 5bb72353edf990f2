import { isFunction } from '../../values/guards.js';
import type { AnyFunction } from '../../values/guards.js';

const wrappers = new WeakSet<object>();

/** Whether a method is a wrapper made here: a class and one it inherits from may both be found. */
export function isOurWrapper(method: unknown): boolean {
  return isFunction(method) && wrappers.has(method);
}

/** Puts a wrapper on a prototype, with `__original`, `__unwrap` and `__wrapped` on it. */
export type PutWrapper = (owner: object, wrapper: AnyFunction) => void;

export interface WrappedMethod {
  /** Whether our wrapper is still what is called first. */
  readonly isInPlace: () => boolean;
  readonly restore: () => void;
}

/**
 * Puts a wrapper around a method, where it is defined: on `prototype` or on what that inherits from.
 *
 * The wrapper carries `__original`, `__unwrap` and `__wrapped`, the marks OpenTelemetry's instrumentations leave: one that is
 * registered later takes ours off before it puts its own on, so that no query is traced twice.
 *
 * @param put does the putting in our place; may do so later
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
    // Whoever wrapped our wrapper since keeps it, and from now on it only calls through.
    isOn = false;
    putBack();
  };
  return { isInPlace, restore };
}

/** The object in the chain of `prototype` on which a method is defined. */
export function ownerOf(prototype: object, name: string): object | undefined {
  for (let owner: object | null = prototype; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, name)) return owner;
  }
  return undefined;
}
