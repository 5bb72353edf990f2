import { armStart } from '../patching/connectHook.js';
import type { HookedTransports } from '../patching/hookedTransports.js';
import { Patch } from '../patching/patch.js';
import type { Starting } from '../patching/starting.js';
import { surveyTransport } from '../patching/transportSurvey.js';
import type { UnhookedReports } from '../patching/unhookedReports.js';
import { WeakList } from '../patching/weakList.js';
import type { Scope } from '../scope/scope.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import { isTransport } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { TransportLike } from '../shapes.js';
import { StdioWire } from './stdioWire.js';

interface Starts {
  start: AnyFunction;
}

/** Hooks transports that are not started by a server or client: by `serveStdio()`, or by a client probing the protocol version. */
export class Wires {
  /** The scope of transports that were not handed over: it may change. */
  readonly #scope: () => Scope;
  readonly #hooked: HookedTransports;
  readonly #reports: UnhookedReports;
  readonly #starting: Starting;
  readonly #prototypes = new Map<object, Patch<Starts>>();
  readonly #wires = new WeakList<StdioWire>();
  /** Transports handed over individually: their own options apply, not those of their class. */
  readonly #armed = new WeakMap<TransportLike, () => void>();
  readonly #waiting = new WeakList<TransportLike>();
  /** Keeps a wire's hook for as long as the wire lives. */
  readonly #known = new WeakMap<TransportLike, StdioWire>();
  #live = true;

  constructor(scope: () => Scope, hooked: HookedTransports, reports: UnhookedReports, starting: Starting) {
    this.#scope = scope;
    this.#hooked = hooked;
    this.#reports = reports;
    this.#starting = starting;
  }

  /** Hooks a transport as it starts, when its callbacks are set; one with accessors immediately, before they are. */
  arm(transport: TransportLike, scope: Scope): void {
    if (this.#armed.has(transport) || this.#known.has(transport)) return;
    if (!surveyTransport(transport).isPlain) {
      this.#attach(transport, scope);
      return;
    }
    const disarm = armStart(transport, () => {
      this.#attach(transport, scope);
    });
    this.#armed.set(transport, disarm);
    this.#waiting.add(transport);
  }

  /** Hooks every instance of a stdio transport class that is started without a server or client. */
  adopt(prototype: object): void {
    if (this.#prototypes.has(prototype) || !hasStart(prototype)) return;
    const original = prototype.start;
    const attach = (transport: unknown): void => {
      if (this.#live && !this.#starting.isOn && isTransport(transport) && !this.#armed.has(transport) && !this.#hooked.has(transport))
        this.#attach(transport, this.#scope());
    };
    function start(this: unknown, ...args: unknown[]): unknown {
      try {
        attach(this);
      } catch {
        // The transport must start anyway.
      }
      return original.apply(this, args);
    }
    this.#prototypes.set(prototype, new Patch(prototype, 'start', start));
  }

  release(): void {
    this.#live = false;
    for (const patch of this.#prototypes.values()) patch.restore();
    this.#prototypes.clear();
    for (const transport of this.#waiting.drain()) this.#armed.get(transport)?.();
    for (const wire of this.#wires.drain()) wire.release();
  }

  #attach(transport: TransportLike, scope: Scope): void {
    if (!this.#live || scope.settings.off || this.#known.has(transport)) return;
    if (isRecord(transport) && isRecord(transport['_serverParams'])) {
      this.#hooked.attach(transport, undefined, undefined, scope);
      return;
    }
    const survey = surveyTransport(transport);
    if (survey.isClosed) {
      this.#reports.note(transport, undefined);
      return;
    }
    const wire = new StdioWire(transport, scope, survey);
    this.#known.set(transport, wire);
    this.#wires.add(wire);
  }
}

function hasStart(prototype: object): prototype is Starts {
  return 'start' in prototype && isFunction(prototype.start);
}
