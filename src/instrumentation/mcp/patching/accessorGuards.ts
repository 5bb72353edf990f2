import { quietly } from '../../../errors/quietly.js';
import { isFunction } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import { propertyOf } from './propertyKind.js';

type Wrap = (original: AnyFunction) => AnyFunction;

/** An accessor of ours before one of the host's. */
export interface Guard {
  /** Takes ours away, unless somebody has put another before it. */
  restore(): void;
}

/**
 * Has what is assigned to an accessor wrapped on its way in. The host's setter and getter run exactly as often as they would
 * without us, and what they make of a callback goes around ours: nothing of theirs runs twice.
 * `onAssigned` is called after each function that was assigned. Throws `TypeError` when `target` cannot be changed.
 */
export function guardAssigned(target: object, key: PropertyKey, wrap: Wrap, onAssigned?: () => void): Guard {
  const { get, set } = propertyOf(target, key) ?? {};
  let last: { readonly given: AnyFunction; readonly wrapper: AnyFunction } | undefined;
  const wrapped = (given: unknown): unknown => {
    // Somebody has read ours and gives it back, such as a client that is done with finding the protocol version.
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
  const takeAway = define(target, key, { get, set: set === undefined ? undefined : guard });
  return {
    restore: () => {
      takeAway();
      const isKept = last !== undefined && quietly(() => get?.call(target) as unknown) === last.wrapper;
      // An accessor that gives back what it was given may be assigned to. Elsewhere ours stays, inert.
      if (isKept) quietly(() => set?.call(target, last?.given));
    },
  };
}

/** Has the function that an accessor answers wrapped on its way out. What is assigned passes. Throws `TypeError` when `target` cannot be changed. */
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

/** Answers how to undo it. */
function define(target: object, key: PropertyKey, accessor: Accessor): () => void {
  const own = Object.getOwnPropertyDescriptor(target, key);
  // One that stands before an inherited one must not show up when the host walks the object.
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
