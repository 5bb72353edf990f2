import { quietly } from '../../../errors/quietly.js';
import { isFunction } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import { propertyOf } from './propertyKind.js';

type Wrap = (original: AnyFunction) => AnyFunction;

/** An accessor of ours in front of one of the host's. */
export interface Guard {
  /** Removes ours, unless other code has put another one in front of it. */
  restore(): void;
}

/**
 * Wraps what is assigned to an accessor before the host's setter gets it. The host's setter and getter run exactly as often as they
 * would without us, and anything they wrap around a callback goes around our wrapper: none of the host's code runs twice.
 * `onAssigned` is called after each function that is assigned. Throws `TypeError` when `target` cannot be changed.
 */
export function guardAssigned(target: object, key: PropertyKey, wrap: Wrap, onAssigned?: () => void): Guard {
  const { get, set } = propertyOf(target, key) ?? {};
  let last: { readonly given: AnyFunction; readonly wrapper: AnyFunction } | undefined;
  const wrapped = (given: unknown): unknown => {
    // Other code has read our wrapper and puts it back, such as a client that has finished probing the protocol version.
    if (!isFunction(given) || given === last?.wrapper) return given;
    try {
      last = { given, wrapper: wrap(given) };
      onAssigned?.();
      return last.wrapper;
    } catch {
      return given;
    }
  };
  const guard = function (this: unknown, given: unknown): void {
    set?.call(this, wrapped(given));
  };
  const remove = define(target, key, { get, set: set === undefined ? undefined : guard });
  return {
    restore: () => {
      remove();
      const isKept = last !== undefined && quietly(() => get?.call(target) as unknown) === last.wrapper;
      // An accessor that returns what was assigned may be assigned to. Elsewhere our wrapper stays as a no-op.
      if (isKept) quietly(() => set?.call(target, last?.given));
    },
  };
}

/** Wraps the function that an accessor returns. Assigned values pass through. Throws `TypeError` when `target` cannot be changed. */
export function guardRead(target: object, key: PropertyKey, wrap: Wrap): Guard {
  const { get, set } = propertyOf(target, key) ?? {};
  let last: { readonly read: AnyFunction; readonly wrapper: AnyFunction } | undefined;
  const guard = function (this: unknown): unknown {
    const read: unknown = get?.call(this);
    if (!isFunction(read)) return read;
    if (read !== last?.read) last = { read, wrapper: wrap(read) };
    return last.wrapper;
  };
  const passed = function (this: unknown, given: unknown): void {
    set?.call(this, given === last?.wrapper ? last?.read : given);
  };
  return { restore: define(target, key, { get: guard, set: set === undefined ? undefined : passed }) };
}

interface Accessor {
  readonly get: (() => unknown) | undefined;
  readonly set: ((given: unknown) => void) | undefined;
}

/** Returns a function that undoes it. */
function define(target: object, key: PropertyKey, accessor: Accessor): () => void {
  const own = Object.getOwnPropertyDescriptor(target, key);
  // An accessor that shadows an inherited one must not show up when the host enumerates the object.
  Object.defineProperty(target, key, { ...accessor, enumerable: own?.enumerable ?? false, configurable: true } as PropertyDescriptor);
  return () => {
    quietly(() => {
      const present = Object.getOwnPropertyDescriptor(target, key);
      if (present === undefined || present.get !== accessor.get || present.set !== accessor.set) return;
      if (own === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, own);
    });
  };
}
