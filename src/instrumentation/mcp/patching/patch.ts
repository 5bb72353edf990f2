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
  readonly #putBack: () => void;

  /** Throws `TypeError` when `target` cannot be changed. */
  constructor(target: Target, key: keyof Target, replacement: unknown) {
    this.#target = target;
    this.#key = key;
    this.#replacement = replacement;
    this.#putBack = keepsAssigned(target, key) ? assign(target, key, replacement) : define(target, key, replacement);
  }

  is(key: keyof Target, value: unknown): boolean {
    return key === this.#key && value === this.#replacement;
  }

  isFor(key: keyof Target): boolean {
    return key === this.#key;
  }

  restore(): void {
    try {
      if (this.#target[this.#key] === this.#replacement) this.#putBack();
    } catch {
      // The target has been frozen since: the replacement stays as a no-op.
    }
  }
}

/** Whether assignment is enough: an own plain property keeps its other attributes, and an accessor has its setter called. */
function keepsAssigned(target: object, key: PropertyKey): boolean {
  if (isProxy(target)) return false;
  for (let holder: object | null = target; holder !== null; holder = Reflect.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor.set !== undefined || (holder === target && descriptor.writable === true);
  }
  return false;
}

function assign<Target extends object>(target: Target, key: keyof Target, replacement: unknown): () => void {
  const previous = target[key];
  if (!Reflect.set(target, key, replacement) || target[key] !== replacement)
    throw new TypeError('the property does not keep the assigned value');
  return () => Reflect.set(target, key, previous);
}

function define<Target extends object>(target: Target, key: keyof Target, replacement: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, key);
  // A method that shadows an inherited one must not show up when the host enumerates the object.
  Object.defineProperty(target, key, { value: replacement, writable: true, configurable: true, enumerable: own?.enumerable ?? false });
  return () => {
    if (own === undefined) Reflect.deleteProperty(target, key);
    else Object.defineProperty(target, key, own);
  };
}
