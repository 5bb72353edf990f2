import { isFunction } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { ProtocolLike, TransportLike } from '../shapes.js';
import { Patch } from './patch.js';

/** The methods an SDK calls on itself for each message and when a connection ends, the same in v1 and v2 since their first versions. */
const DISPATCHERS = ['_onrequest', '_onnotification', '_onresponse'] as const;
const CLOSED = '_onclose';
const TRANSPORT = '_transport';

type Key = (typeof DISPATCHERS)[number] | typeof CLOSED;
type Dispatching = Record<Key, AnyFunction>;

/** The wrappers of a transport's functions, to be put around the methods of the server or client. */
export interface ProtocolWraps {
  onMessage(original: AnyFunction): AnyFunction;
  onClose(original: AnyFunction): AnyFunction;
  /** Calls the transport's `start`. */
  onStart(start: () => unknown): unknown;
  /** `undefined` where the transport's own `send` is hooked. */
  readonly onSend: ((original: AnyFunction) => AnyFunction) | undefined;
}

/**
 * Sees the messages of one transport at the server or client connected to it, for transports whose own functions
 * cannot be replaced, or not without running the host's code twice. Those stay untouched: what the SDK stores as its
 * transport becomes an object of ours that passes everything on, while `transport` still returns the host's.
 */
export class ProtocolHook {
  readonly #protocol: ProtocolLike;
  readonly #transport: TransportLike;
  readonly #undo: (() => void)[] = [];
  /** Whether the SDK is connected to this transport now. */
  #isActive = false;

  /** Throws `TypeError` when the server or client cannot be changed; everything is undone then. */
  constructor(protocol: ProtocolLike, transport: TransportLike, wraps: ProtocolWraps) {
    this.#protocol = protocol;
    this.#transport = transport;
    try {
      for (const key of DISPATCHERS) this.#around(key, wraps.onMessage);
      this.#around(CLOSED, wraps.onClose);
      this.#watchTransport(wraps);
    } catch (error) {
      this.restore();
      throw error;
    }
  }

  restore(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }

  #around(key: Key, wrap: (original: AnyFunction) => AnyFunction): void {
    const target = this.#protocol as ProtocolLike & Dispatching;
    const original: unknown = target[key];
    if (!isFunction(original)) throw new TypeError(`${key} is not a function`);
    const wrapped = wrap(original);
    const isActive = (): boolean => this.#isActive;
    const patch = new Patch<Dispatching>(target, key, function (this: unknown, ...args: unknown[]): unknown {
      return isActive() ? wrapped.apply(this, args) : original.apply(this, args);
    });
    this.#undo.push(() => patch.restore());
  }

  #watchTransport({ onSend, onStart }: ProtocolWraps): void {
    const transport = this.#transport;
    const standIn = onSend === undefined ? transport : standInFor(transport, onSend, onStart);
    const own = Object.getOwnPropertyDescriptor(this.#protocol, TRANSPORT);
    let kept: unknown;
    const keep = (given: unknown): void => {
      this.#isActive = given === transport || given === standIn;
      kept = this.#isActive ? standIn : given;
    };
    const real = (): unknown => (this.#isActive ? transport : kept);
    keep(own?.value);
    const enumerable = own?.enumerable ?? true;
    Object.defineProperty(this.#protocol, TRANSPORT, { get: () => kept, set: keep, enumerable, configurable: true });
    this.#undo.push(() => {
      const value = real();
      if (own === undefined && value === undefined) Reflect.deleteProperty(this.#protocol, TRANSPORT);
      else Object.defineProperty(this.#protocol, TRANSPORT, { value, writable: true, enumerable, configurable: true });
    });
    Object.defineProperty(this.#protocol, 'transport', { get: real, enumerable: false, configurable: true });
    this.#undo.push(() => {
      Reflect.deleteProperty(this.#protocol, 'transport');
    });
  }
}

/**
 * Passes everything the SDK reads, sets and calls on to `transport`, each exactly once and with `transport` as `this`, which
 * private fields need. The Proxy has a separate object as its target: with a frozen transport it could not return another `send`.
 */
function standInFor(transport: TransportLike, onSend: (original: AnyFunction) => AnyFunction, onStart: ProtocolWraps['onStart']): object {
  const send = onSend((...args) => transport.send(...args));
  return new Proxy(
    {},
    {
      get: (_own, key) => {
        if (key === 'send') return send;
        const value: unknown = Reflect.get(transport, key);
        // Callbacks are the SDK's own, or were set by the host: they are never called with a transport as `this`.
        if (!isFunction(value) || (typeof key === 'string' && key.startsWith('on'))) return value;
        const call: AnyFunction = (...args) => value.apply(transport, args);
        return key === 'start' ? (...args: unknown[]): unknown => onStart(() => call(...args)) : call;
      },
      set: (_own, key, value) => Reflect.set(transport, key, value),
      has: (_own, key) => Reflect.has(transport, key),
      deleteProperty: (_own, key) => Reflect.deleteProperty(transport, key),
    },
  );
}
