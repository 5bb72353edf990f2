import { isProxy } from 'node:util/types';
import { isFunction, isRecord } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import { Patch } from './patch.js';
import { WeakList } from './weakList.js';

/** What an instance is switched on with. */
export interface SwitchedOn {
  /**
   * The prototype whose method is wrapped for it, none while it is switched off: an override calls its parent's with the same `this`,
   * and only one of them may count.
   */
  holder: object | undefined;
  /** Our method there. If the instance has another one by now, other code has wrapped the method since, or taken ours away. */
  method?: AnyFunction | undefined;
}

/** Runs in place of the method of an instance that is switched on. */
type Around<State> = (state: State, original: AnyFunction, self: unknown, args: unknown[]) => unknown;

/**
 * Wraps a method where a class has it, once, instead of on each instance: servers created per request have a transport each, and to
 * define a property on it and delete that again costs more than all else that is done for it. Only instances that are switched on
 * notice; for others the wrapper passes the call on.
 */
export class ClassMethod<State extends SwitchedOn> {
  readonly #key: string;
  readonly #around: Around<State>;
  readonly #stateOf: (instance: object) => State | undefined;
  /** By the prototype of the instances, which may have inherited the method from further up. `undefined` as a value: not to be wrapped. */
  readonly #known = new WeakMap<object, Wrapped | undefined>();
  readonly #byHolder = new WeakMap<object, Wrapped>();
  readonly #all = new WeakList<Patch<object>>();

  /** @param stateOf finds what an instance was switched on with: the caller keeps something on each anyway */
  constructor(key: string, stateOf: (instance: object) => State | undefined, around: Around<State>) {
    this.#key = key;
    this.#stateOf = stateOf;
    this.#around = around;
  }

  /**
   * Switches an instance on by its state and returns `true`, unless it has a method of its own, or other code has wrapped the class's
   * since, or that cannot be changed. Must not be called for a Proxy, or where the property is an accessor.
   */
  switchOn(instance: object, state: State): boolean {
    const prototype = Reflect.getPrototypeOf(instance);
    if (prototype === null || Object.hasOwn(instance, this.#key)) return false;
    const wrapped = this.#wrappedFor(prototype);
    if (wrapped === undefined || Reflect.get(instance, this.#key) !== wrapped.method) return false;
    state.holder = wrapped.holder;
    state.method = wrapped.method;
    return true;
  }

  /** May be called again once others who have wrapped the method since are gone. */
  release(): void {
    for (const patch of this.#all.drain()) if (!patch.restore()) this.#all.add(patch);
  }

  #wrappedFor(prototype: object): Wrapped | undefined {
    const known = this.#known.get(prototype);
    if (known !== undefined || this.#known.has(prototype)) return known;
    const holder = holderOf(prototype, this.#key);
    const wrapped = holder === undefined ? undefined : (this.#byHolder.get(holder) ?? this.#wrap(holder));
    this.#known.set(prototype, wrapped);
    return wrapped;
  }

  #wrap(holder: object): Wrapped | undefined {
    const original: unknown = Reflect.get(holder, this.#key);
    if (!isFunction(original)) return undefined;
    const stateOf = this.#stateOf;
    const around = this.#around;
    const method: AnyFunction = function (this: unknown, ...args: unknown[]): unknown {
      const state = isRecord(this) ? stateOf(this) : undefined;
      return state === undefined || state.holder !== holder ? original.apply(this, args) : around(state, original, this, args);
    };
    try {
      const patch = new Patch(holder, this.#key as never, method);
      this.#all.add(patch);
      const wrapped = { holder, method, patch };
      this.#byHolder.set(holder, wrapped);
      return wrapped;
    } catch {
      // It is frozen.
      return undefined;
    }
  }
}

interface Wrapped {
  readonly holder: object;
  readonly method: AnyFunction;
  /** Kept for as long as the class: all of them are only remembered weakly. */
  readonly patch: Patch<object>;
}

/** Returns the nearest prototype that has the method itself; none where reading it could run the host's code. */
function holderOf(prototype: object, key: string): object | undefined {
  for (let holder: object | null = prototype; holder !== null && holder !== Object.prototype; holder = Reflect.getPrototypeOf(holder)) {
    if (isProxy(holder)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return isFunction(descriptor.value) ? holder : undefined;
  }
  return undefined;
}
