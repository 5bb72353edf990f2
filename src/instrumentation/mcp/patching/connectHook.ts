import { quietly } from '../../../errors/quietly.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import { isTransport } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { TransportLike } from '../shapes.js';
import { guardRead } from './accessorGuards.js';
import { ClassMethod } from './classMethod.js';
import type { SwitchedOn } from './classMethod.js';
import { Marks } from '../scope/marks.js';
import { Patch } from './patch.js';
import { propertyKind } from './propertyKind.js';
import { onSettled } from './hostCalls.js';
import { Starting } from './starting.js';
import { WeakList } from './weakList.js';

interface Connects {
  connect: AnyFunction;
}

/** A transport that is about to be started for a server or client, which is told as it starts. */
class Armed implements SwitchedOn {
  holder: object | undefined;
  hasStarted = false;
  /** Takes our `start` away from a transport that has one of its own. */
  restore: (() => void) | undefined;
  readonly transport: TransportLike;
  readonly connecting: object;
  readonly attach: () => void;

  constructor(transport: TransportLike, connecting: object, attach: () => void) {
    this.transport = transport;
    this.connecting = connecting;
    this.attach = attach;
  }
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
  /** Who is connecting to transports that have not started yet: an override has called its parent's `connect`, and all is prepared. */
  readonly #pending = new Marks<object, Armed>();
  readonly #starts: ClassMethod<Armed>;
  #live = true;

  constructor(onConnect: OnConnect, starting = new Starting()) {
    this.#onConnect = onConnect;
    this.#starting = starting;
    this.#starts = new ClassMethod<Armed>(
      'start',
      (transport) => this.#pending.get(transport),
      (armed, start, self, args) => {
        this.#started(armed);
        return starting.during(() => start.apply(self, args));
      },
    );
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
    this.#starts.release();
  }

  #replacement(original: AnyFunction): AnyFunction {
    const prepare = (connecting: unknown, transport: unknown): Armed | undefined => this.#prepare(connecting, transport);
    const disarm = (armed: Armed): void => this.#disarm(armed);
    function connect(this: unknown, ...args: unknown[]): unknown {
      const armed = prepare(this, args[0]);
      if (armed === undefined) return original.apply(this, args);
      let connected: unknown;
      try {
        connected = original.apply(this, args);
      } catch (thrown) {
        disarm(armed);
        throw thrown;
      }
      // Usually the SDK has started the transport by now, and nothing is left to undo.
      if (armed.hasStarted) return connected;
      const over = (): void => disarm(armed);
      if (!onSettled(connected, over, over)) over();
      return connected;
    }
    return connect;
  }

  /** Never throws. */
  #prepare(connecting: unknown, transport: unknown): Armed | undefined {
    if (!this.#live) return undefined;
    try {
      if (!isRecord(connecting) || !isTransport(transport) || this.#pending.get(transport)?.connecting === connecting) return undefined;
      const attach = this.#onConnect(connecting, transport);
      if (attach === undefined) return undefined;
      const armed = new Armed(transport, connecting, attach);
      this.#pending.set(transport, armed);
      this.#arm(armed);
      return armed;
    } catch {
      return undefined;
    }
  }

  #arm(armed: Armed): void {
    const { transport } = armed;
    if (propertyKind(transport, 'start') === 'plain' && this.#starts.switchOn(transport, armed)) return;
    armed.restore = armStart(transport, () => this.#started(armed), this.#starting);
  }

  #started(armed: Armed): void {
    armed.hasStarted = true;
    this.#disarm(armed);
    if (this.#live) quietly(armed.attach);
  }

  #disarm(armed: Armed): void {
    const { transport, restore } = armed;
    if (this.#pending.get(transport) === armed) this.#pending.delete(transport);
    restore?.();
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
