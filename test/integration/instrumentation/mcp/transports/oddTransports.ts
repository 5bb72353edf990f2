import { Tracking, note } from './tracking.js';
import type { Deliver, Message, Ran, Wire } from './tracking.js';

/** As supergateway's WebSocketServerTransport: no getter, and the handler is given another message than the one that came. */
class SetterOnly implements Wire {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  readonly inner: Wire;
  readonly ran: Ran;
  constructor(inner: Wire, ran: Ran) {
    this.inner = inner;
    this.ran = ran;
  }
  set onmessage(given: Deliver) {
    this.inner.onmessage = (message, extra) => {
      note(this.ran, message);
      given?.({ ...message }, extra);
    };
  }
  start(): Promise<void> {
    this.inner.onclose = () => this.onclose?.();
    return this.inner.start();
  }
  send(message: object, options?: object): Promise<void> {
    return this.inner.send(message, options);
  }
  close(): Promise<void> {
    return this.inner.close();
  }
}

/** Every handler that is set is called, as an emitter would do. */
class Adding extends SetterOnly {
  readonly #listeners: NonNullable<Deliver>[] = [];
  override set onmessage(given: Deliver) {
    if (given !== undefined) this.#listeners.push(given);
    this.inner.onmessage = (message, extra) => {
      for (const listener of this.#listeners) {
        note(this.ran, message);
        listener(message, extra);
      }
    };
  }
}

/** Everything in private fields: an object that stands before it, or inherits from it, cannot be used. */
class Private implements Wire {
  readonly #inner: Wire;
  readonly #ran: Ran;
  #onmessage: Deliver;
  constructor(inner: Wire, ran: Ran) {
    this.#inner = inner;
    this.#ran = ran;
  }
  get onmessage(): Deliver {
    return this.#onmessage;
  }
  set onmessage(given: Deliver) {
    this.#onmessage = given;
    this.#inner.onmessage = (message, extra) => {
      note(this.#ran, message);
      this.#onmessage?.(message, extra);
    };
  }
  get onclose(): (() => void) | undefined {
    return this.#inner.onclose;
  }
  set onclose(given: (() => void) | undefined) {
    this.#inner.onclose = given;
  }
  get onerror(): ((error: Error) => void) | undefined {
    return this.#inner.onerror;
  }
  set onerror(given: ((error: Error) => void) | undefined) {
    this.#inner.onerror = given;
  }
  start(): Promise<void> {
    return this.#inner.start();
  }
  send(message: object, options?: object): Promise<void> {
    return this.#inner.send(message, options);
  }
  close(): Promise<void> {
    return this.#inner.close();
  }
}

/** Getters that throw: always where no SDK reads, before it is started, and once it has its callbacks. */
class Throwing extends Private {
  #hasCallbacks = false;
  constructor(inner: Wire, ran: Ran) {
    super(inner, ran);
    const send = this.send.bind(this);
    let isStarted = false;
    Object.defineProperty(this, 'start', {
      writable: true,
      configurable: true,
      value: () => {
        isStarted = true;
        return inner.start();
      },
    });
    Object.defineProperty(this, 'send', {
      configurable: true,
      get: () => {
        if (!isStarted) throw new Error('send was read before the start');
        return send;
      },
    });
  }
  get transport(): never {
    throw new Error('transport was read');
  }
  override get onmessage(): Deliver {
    if (this.#hasCallbacks) throw new Error('onmessage was read');
    return super.onmessage;
  }
  override set onmessage(given: Deliver) {
    super.onmessage = given;
    this.#hasCallbacks = true;
  }
}

/** Methods from getters, made anew each time they are read, and noted. */
class Getters extends Tracking {
  constructor(inner: Wire, ran: Ran) {
    super(inner, ran);
    const read = (name: 'start' | 'send'): void => {
      Object.defineProperty(this, name, {
        configurable: true,
        get: () => {
          ran.push(`${name} read`);
          return (...args: [object, object?]) => this.baseTransport[name](...args);
        },
      });
    };
    read('start');
    read('send');
  }
}

/** Fields that hold functions, as many hosts write their transports. */
class Fields implements Wire {
  onmessage: Deliver = undefined;
  onclose: (() => void) | undefined = undefined;
  onerror: ((error: Error) => void) | undefined = undefined;
  readonly start: () => Promise<void>;
  readonly send: (message: object, options?: object) => Promise<void>;
  readonly close: () => Promise<void>;
  constructor(inner: Wire, ran: Ran) {
    this.start = () => {
      inner.onmessage = (message, extra) => {
        note(ran, message);
        this.onmessage?.(message, extra);
      };
      inner.onclose = () => this.onclose?.();
      return inner.start();
    };
    this.send = (message, options) => inner.send(message, options);
    this.close = () => inner.close();
  }
}

/** A Proxy that wraps callbacks as they are set, and methods each time they are read. */
function proxied(inner: Wire, ran: Ran): Wire {
  return new Proxy(inner, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (key !== 'send' || typeof value !== 'function') return value;
      return (message: Message, options?: object): unknown => {
        ran.push(`sent ${String(message.id ?? message.method)}`);
        return Reflect.apply(value, target, [message, options]);
      };
    },
    set(target, key, value: unknown) {
      if (key !== 'onmessage' || typeof value !== 'function') return Reflect.set(target, key, value);
      return Reflect.set(target, key, (message: Message, extra: unknown): unknown => {
        note(ran, message);
        return Reflect.apply(value, undefined, [message, extra]);
      });
    },
  });
}

/** Accessors of its own that cannot be redefined. */
function fixed(inner: Wire, ran: Ran): Wire {
  const wire = new Tracking(inner, ran);
  const accessor = Object.getOwnPropertyDescriptor(Tracking.prototype, 'onmessage') ?? {};
  return Object.defineProperty(wire, 'onmessage', { ...accessor, configurable: false });
}

export interface OddTransport {
  readonly name: string;
  readonly around: (inner: Wire, ran: Ran) => Wire;
  /** Whether it is to be left untouched, and that be said. */
  readonly isClosed: boolean;
}

const open = (name: string, around: OddTransport['around']): OddTransport => ({ name, around, isClosed: false });
const closed = (name: string, around: OddTransport['around']): OddTransport => ({ name, around, isClosed: true });

export const oddTransports: readonly OddTransport[] = [
  open('whose setter wraps (MCP Inspector 2.12)', (inner, ran) => new Tracking(inner, ran)),
  open('with two setters that wrap, one around the other', (inner, ran) => new Tracking(new Tracking(inner, ran), ran)),
  open('with a setter alone (supergateway)', (inner, ran) => new SetterOnly(inner, ran)),
  open('whose setter adds a listener', (inner, ran) => new Adding(inner, ran)),
  open('with private fields', (inner, ran) => new Private(inner, ran)),
  open('with getters that throw', (inner, ran) => new Throwing(inner, ran)),
  open('whose methods are getters', (inner, ran) => new Getters(inner, ran)),
  open('with class fields', (inner, ran) => new Fields(inner, ran)),
  closed('that is frozen', (inner, ran) => Object.freeze(new Private(inner, ran))),
  closed('that is frozen and wraps', (inner, ran) => Object.freeze(new Tracking(inner, ran))),
  closed('that is a Proxy', proxied),
  closed('with accessors that are fixed', fixed),
];
