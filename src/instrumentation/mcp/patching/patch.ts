import { isProxy } from 'node:util/types';

/**
 * One replaced method. Restoring puts back exactly what was there: an inherited method becomes inherited again, and if
 * the property is an accessor, its setter is used both times. That suits accessors that keep the assigned value: those of a
 * host's transport, which may transform a callback, need `guardAssigned` and `guardRead`. The `set` trap of a Proxy is not called.
 * If other code has replaced ours in the meantime, its function stays and may still call ours.
 */
export class Patch<Target extends object> {
  readonly #target: Target;
  readonly #key: keyof Target;
  readonly #replacement: unknown;
  /** What was assigned before, when assignment is enough to put it back. */
  readonly #previous: unknown;
  readonly #isAssigned: boolean = false;
  /** What the target had itself, when it takes a definition to put that back. */
  readonly #own: PropertyDescriptor | undefined;

  /** Throws `TypeError` when `target` cannot be changed. */
  constructor(target: Target, key: keyof Target, replacement: unknown) {
    this.#target = target;
    this.#key = key;
    this.#replacement = replacement;
    if (isAssignable(target, key)) {
      this.#previous = target[key];
      this.#isAssigned = Reflect.set(target, key, replacement);
      if (this.#isAssigned && target[key] !== replacement) throw new TypeError('the property does not keep the assigned value');
    }
    if (this.#isAssigned) return;
    const own = Object.getOwnPropertyDescriptor(target, key);
    this.#own = own;
    // A method that shadows an inherited one must not show up when the host enumerates the object.
    Object.defineProperty(target, key, { value: replacement, writable: true, configurable: true, enumerable: own?.enumerable ?? false });
  }

  /** Whether this is the function that was put there. */
  is(value: unknown): boolean {
    return value === this.#replacement;
  }

  /** Returns whether that was possible. */
  restore(): boolean {
    try {
      if (this.#target[this.#key] !== this.#replacement) return false;
      this.#putBack();
      return true;
    } catch {
      // The target has been frozen since: the replacement stays as a no-op.
      return false;
    }
  }

  #putBack(): void {
    if (this.#isAssigned) Reflect.set(this.#target, this.#key, this.#previous);
    else if (this.#own === undefined) Reflect.deleteProperty(this.#target, this.#key);
    else Object.defineProperty(this.#target, this.#key, this.#own);
  }
}

/**
 * Whether to assign: an own property keeps its other attributes, unless it refuses, and an accessor has its setter called. No descriptor is
 * read of an own property, since that takes longer than to assign it.
 */
function isAssignable(target: object, key: PropertyKey): boolean {
  if (isProxy(target)) return false;
  if (Object.hasOwn(target, key)) return true;
  for (let holder = Reflect.getPrototypeOf(target); holder !== null; holder = Reflect.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor.set !== undefined;
  }
  return false;
}
