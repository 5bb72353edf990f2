import type { Meter, Tracer } from '@opentelemetry/api';
import type { Clock } from '../../time/clock.js';
import { createEmitter } from './emission/emitter.js';
import type { EmitterTarget } from './emission/emitter.js';
import { hookHandler, isFetchHandler } from './entry/httpHandler.js';
import { Wires } from './entry/wires.js';
import type { McpOptions } from './options.js';
import { ConnectHook } from './patching/connectHook.js';
import { HookedTransports } from './patching/hookedTransports.js';
import { KnownInstances } from './knownInstances.js';
import type { Patch } from './patching/patch.js';
import { Starting } from './patching/starting.js';
import type { TransportSurvey } from './patching/transportSurvey.js';
import { UnhookedReports } from './patching/unhookedReports.js';
import { WeakList } from './patching/weakList.js';
import { withCachedFields } from './propagation/cachedFields.js';
import type { Propagation } from './propagation/parentContext.js';
import { createScope, createShared } from './scope/scope.js';
import type { Scope } from './scope/scope.js';
import { atOnce } from '../../telemetry/afterMetrics.js';
import type { AfterMetrics } from '../../telemetry/afterMetrics.js';
import { isFunction } from '../../values/guards.js';
import { isTransport, protocolOf } from './shapes.js';
import type { AnyFunction } from '../../values/guards.js';
import type { ProtocolLike, TransportLike } from './shapes.js';

export interface McpHooksDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** `propagation` of `@opentelemetry/api`: the configured propagators read and write `params._meta`. */
  readonly propagation: Propagation;
  readonly clock: Clock;
  /** Defaults for everything instrumented; the options of a single server, client or handler take precedence. */
  readonly options?: McpOptions;
  /** See `McpDependencies`. */
  readonly onConversationEnd?: () => void;
  readonly afterMetrics?: AfterMetrics;
  /** Called with one sentence, once per kind, about transports that cannot be hooked. */
  readonly onUnhooked?: (line: string) => void;
}

/** Everything that can be hooked. All functions patch in place, accept both SDK generations, and return what they were given. */
export interface McpHooks {
  /**
   * Traces and measures every message of `server`, on its current and future connections. Takes an `McpServer` or a
   * low-level `Server`; anything else is returned unchanged. Calling it again for the same server has no effect.
   */
  instrumentServer<Server>(server: Server, options?: McpOptions): Server;
  /** Does the same for a `Client`. */
  instrumentClient<Client>(client: Client, options?: McpOptions): Client;
  /** Instruments what `createMcpHandler()` returns: sees what it rejects before a server exists, and `subscriptions/listen`. */
  instrumentHandler<Handler>(handler: Handler, options?: McpOptions): Handler;
  /** Instruments the `transport` given to `serveStdio()`: sees what that answers by itself. Must be called before `serveStdio()`. */
  instrumentTransport<Transport>(transport: Transport, options?: McpOptions): Transport;
  /** Instruments every instance of a `Protocol` class, given its prototype, and of its subclasses. */
  adoptProtocolClass(prototype: object): void;
  /** Sees what a `Client` class sends before it connects. Its `Protocol` class must be adopted as well. */
  adoptClientClass(prototype: object): void;
  /** Finds out which `McpServer`, and so which tool registry, is behind a low-level server. */
  adoptMcpServerClass(prototype: object): void;
  /** Sees stdio transports that are started without a server or client, as `serveStdio()` does. */
  adoptStdioTransportClass(prototype: object): void;
  /** Returns a `createMcpHandler` whose handlers are instrumented. */
  wrapHandlerFactory<Factory>(factory: Factory): Factory;
  /** Switches to another tracer or meter from now on, also on open connections. */
  moveTo(target: EmitterTarget): void;
  /** Sets other defaults, for what connects or is handed over from now on. `longSessions` does not change. */
  configure(options: McpOptions): void;
  /** Restores every patched method and ends everything that is open. */
  disable(): void;
}

/** Builds the MCP instrumentation; call once per process. Never throws later: a telemetry failure leaves hosts unaffected. */
export function createMcpInstrumentation({
  tracer,
  meter,
  propagation,
  clock,
  options = {},
  onConversationEnd,
  onUnhooked = () => {},
  afterMetrics = atOnce,
}: McpHooksDependencies): McpHooks {
  const emitter = createEmitter(tracer, meter, clock, options.longSessions === true);
  const parts = new Parts(
    createScope(createShared(emitter, withCachedFields(propagation), onConversationEnd), options),
    new UnhookedReports(onUnhooked),
  );
  return {
    instrumentServer: (server, own) => parts.guarded(server, () => parts.coverInstance(server, own)),
    instrumentClient: (client, own) => parts.guarded(client, () => parts.coverInstance(client, own)),
    instrumentHandler: (handler, own) => parts.guarded(handler, () => parts.coverHandler(handler, own)),
    instrumentTransport: (transport, own) => parts.guarded(transport, () => parts.coverWire(transport, own)),
    adoptProtocolClass: (prototype) => void parts.guarded(prototype, () => parts.adoptProtocol(prototype)),
    adoptClientClass: (prototype) => void parts.guarded(prototype, () => parts.coverClass(prototype)),
    adoptMcpServerClass: (prototype) => void parts.guarded(prototype, () => parts.owners.cover(prototype)),
    adoptStdioTransportClass: (prototype) => void parts.guarded(prototype, () => parts.wires.adopt(prototype)),
    wrapHandlerFactory: (factory) => parts.factory(factory),
    moveTo: (target) => {
      emitter.moveTo(target);
    },
    configure: (changed) => {
      parts.configure(changed);
    },
    disable: () => {
      parts.release();
      afterMetrics(emitter.active.stop);
    },
  };
}

/** State shared by the faces. */
class Parts {
  readonly owners: ConnectHook;
  readonly wires: Wires;
  #base: Scope;
  readonly #connects: ConnectHook;
  readonly #hooked: HookedTransports;
  readonly #known = new KnownInstances();
  readonly #adopted = new WeakSet();
  readonly #handlers = new WeakList<Patch<{ fetch: AnyFunction }>>();
  readonly #patchedHandlers = new WeakMap<object, { readonly isNamed: boolean; readonly release: () => void }>();
  #live = true;

  constructor(base: Scope, reports: UnhookedReports) {
    this.#base = base;
    const starting = new Starting();
    this.#hooked = new HookedTransports(reports, starting);
    this.wires = new Wires(() => this.#base, this.#hooked, reports, starting);
    base.shared.emitter.active.beforeReport = () => {
      this.#hooked.sweep();
    };
    this.#connects = new ConnectHook((connecting, transport) => this.#onConnect(connecting, transport), starting);
    this.owners = new ConnectHook((connecting) => {
      const protocol = protocolOf(connecting);
      if (protocol !== undefined) this.#known.of(protocol).server = connecting;
      return undefined;
    });
  }

  guarded<T>(target: T, patch: () => void): T {
    try {
      if (this.#live) patch();
    } catch {
      // A frozen or exotic object keeps working without telemetry.
    }
    return target;
  }

  coverInstance(instance: unknown, own: McpOptions | undefined): void {
    const protocol = protocolOf(instance);
    if (protocol === undefined) return;
    const known = this.#known.of(protocol);
    if (known.scope !== undefined) return;
    const scope = this.#scope(own);
    known.scope = scope;
    if (typeof instance === 'object' && instance !== null && !Object.is(instance, protocol)) known.server = instance;
    this.#connects.cover(protocol);
    // Already connected: traced from the next message on. In-flight requests stay untraced.
    if (isTransport(protocol.transport)) this.#attach(protocol, protocol.transport, scope);
  }

  coverHandler(handler: unknown, own: McpOptions | undefined): void {
    if (!isFetchHandler(handler)) return;
    const known = this.#patchedHandlers.get(handler);
    // Its factory was wrapped, and now its own options are given.
    if (known !== undefined && (known.isNamed || own === undefined)) return;
    known?.release();
    const covered = { isNamed: own !== undefined, isLive: true, release: (): void => undefined };
    const patch = hookHandler(handler, this.#scope(own), () => this.#live && covered.isLive);
    covered.release = () => {
      covered.isLive = false;
      patch.restore();
    };
    this.#patchedHandlers.set(handler, covered);
    this.#handlers.add(patch);
  }

  coverWire(transport: unknown, own: McpOptions | undefined): void {
    if (isTransport(transport)) this.wires.arm(transport, this.#scope(own));
  }

  coverClass(prototype: object): void {
    this.#connects.cover(prototype);
  }

  adoptProtocol(prototype: object): void {
    this.#adopted.add(prototype);
    this.#connects.cover(prototype);
  }

  factory<Factory>(factory: Factory): Factory {
    if (!isFunction(factory)) return factory;
    const cover = (handler: unknown): unknown => this.guarded(handler, () => this.coverHandler(handler, undefined));
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      return cover(factory.apply(this, args));
    };
    Object.defineProperties(wrapped, {
      name: { value: factory.name, configurable: true },
      length: { value: factory.length, configurable: true },
    });
    return wrapped as Factory & AnyFunction;
  }

  configure(options: McpOptions): void {
    this.#base = createScope(this.#base.shared, options);
  }

  release(): void {
    this.#live = false;
    this.#connects.release();
    this.owners.release();
    this.wires.release();
    // Both may have wrapped the start of one class, in either order.
    this.#connects.release();
    this.#hooked.release();
    this.#known.release();
    for (const patch of this.#handlers.drain()) patch.restore();
  }

  #onConnect(connecting: object, transport: TransportLike): (() => void) | undefined {
    const protocol = protocolOf(connecting);
    if (protocol === undefined) return undefined;
    const known = this.#known.find(protocol);
    const scope = known?.scope ?? (this.#isAdopted(protocol) ? this.#base : undefined);
    if (scope === undefined || scope.settings.off) return undefined;
    const server = known?.server ?? protocol;
    const survey = this.#hooked.prepare(transport, protocol, server, scope);
    return () => {
      if (survey !== undefined) this.#attach(protocol, transport, scope, survey);
    };
  }

  #attach(protocol: ProtocolLike, transport: TransportLike, scope: Scope, survey?: TransportSurvey): void {
    // A transport that is already hooked is told to be quiet: its hooks cannot be removed while operations are open.
    if (!scope.settings.off || this.#hooked.has(transport))
      this.#hooked.attach(transport, protocol, this.#known.find(protocol)?.server ?? protocol, scope, survey);
  }

  #isAdopted(protocol: object): boolean {
    for (let prototype = Reflect.getPrototypeOf(protocol); prototype !== null; prototype = Reflect.getPrototypeOf(prototype))
      if (this.#adopted.has(prototype)) return true;
    return false;
  }

  #scope(own: McpOptions | undefined): Scope {
    return own === undefined ? this.#base : createScope(this.#base.shared, own, this.#base.settings.options);
  }
}
