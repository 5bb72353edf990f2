import { quietly } from '../../../errors/quietly.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import { isTransport } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { TransportLike } from '../shapes.js';
import { guardRead } from './accessorGuards.js';
import { Patch } from './patch.js';
import { propertyKind } from './propertyKind.js';
import { onSettled } from './hostCalls.js';
import { Starting } from './starting.js';
import { WeakList } from './weakList.js';

interface Connects {
  connect: AnyFunction;
}

/** Called when an object is about to connect, before it sets its callbacks; returns what to do as the transport starts, if anything. */
export type OnConnect = (connecting: object, transport: TransportLike) => (() => void) | undefined;

/**
 * Patches `connect` where it is defined: on prototypes, and on objects that have their own. An override calls its parent's
 * via `super`, which no patch of an instance can see, and what a client does before that (asking for the protocol
 * version) would be missed if only the base were patched.
 */
export class ConnectHook {
  readonly #patches = new WeakMap<object, Patch<Connects>>();
  /** For `release()`. Weak, because an instance may have its own `connect`, and instances come and go. */
  readonly #all = new WeakList<Patch<Connects>>();
  readonly #covered = new WeakSet();
  readonly #onConnect: OnConnect;
  readonly #starting: Starting;
  #live = true;

  constructor(onConnect: OnConnect, starting = new Starting()) {
    this.#onConnect = onConnect;
    this.#starting = starting;
  }

  /** Patches the `connect` of an object and of every prototype it inherits one from. Objects that cannot be changed are left alone. */
  cover(start: object): void {
    if (this.#isCovered(start)) return;
    for (let holder: object | null = start; holder !== null && holder !== Object.prototype; holder = Reflect.getPrototypeOf(holder)) {
      if (this.#patches.has(holder) || !hasOwnConnect(holder)) continue;
      try {
        const patch = new Patch(holder, 'connect', this.#replacement(holder.connect));
        this.#patches.set(holder, patch);
        this.#all.add(patch);
      } catch {
        // It is frozen: everything that inherits from it stays untraced.
      }
    }
    const prototype = Reflect.getPrototypeOf(start);
    if (prototype !== null) this.#covered.add(prototype);
  }

  /** Checks for the usual case: another instance of a covered class, once per request where every request has its own server. */
  #isCovered(instance: object): boolean {
    const prototype = Reflect.getPrototypeOf(instance);
    return prototype !== null && this.#covered.has(prototype) && !Object.hasOwn(instance, 'connect');
  }

  release(): void {
    this.#live = false;
    for (const patch of this.#all.drain()) patch.restore();
  }

  #replacement(original: AnyFunction): AnyFunction {
    const isLive = (): boolean => this.#live;
    const onConnect = this.#onConnect;
    const prepared = (connecting: unknown, transport: unknown): (() => void) | undefined => {
      const attach = isRecord(connecting) && isTransport(transport) ? onConnect(connecting, transport) : undefined;
      if (attach === undefined || !isTransport(transport)) return undefined;
      return armStart(
        transport,
        () => {
          if (isLive()) attach();
        },
        this.#starting,
      );
    };
    function connect(this: unknown, ...args: unknown[]): unknown {
      const disarm = isLive() ? quietly(() => prepared(this, args[0])) : undefined;
      if (disarm === undefined) return original.apply(this, args);
      let connected: unknown;
      try {
        connected = original.apply(this, args);
      } catch (thrown) {
        disarm();
        throw thrown;
      }
      if (!onSettled(connected, disarm, disarm)) disarm();
      return connected;
    }
    return connect;
  }
}

/**
 * Runs `attach` inside the transport's `start`: the SDK sets its callbacks and then starts, and a start may deliver queued
 * messages immediately. Returns a function that undoes this, for a connect that fails before it starts anything.
 */
export function armStart(transport: TransportLike, attach: () => void, starting = new Starting()): () => void {
  const armed: { restore?: () => void } = {};
  const hooked = (start: AnyFunction): AnyFunction =>
    function startHooked(this: unknown, ...args: unknown[]): unknown {
      armed.restore?.();
      quietly(attach);
      return starting.during(() => start.apply(this, args));
    };
  quietly(() => {
    const kind = propertyKind(transport, 'start');
    if (kind === 'accessor') {
      const guard = guardRead(transport, 'start', hooked);
      armed.restore = () => guard.restore();
    } else if (kind === 'plain' && isFunction(transport.start)) {
      const patch = new Patch<TransportLike>(transport, 'start', hooked(transport.start));
      armed.restore = () => patch.restore();
    }
  });
  return () => armed.restore?.();
}

function hasOwnConnect(holder: object): holder is Connects {
  const descriptor = Object.getOwnPropertyDescriptor(holder, 'connect');
  return typeof descriptor?.value === 'function';
}
