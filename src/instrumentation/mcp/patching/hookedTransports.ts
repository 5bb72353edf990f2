import { Connection } from '../connection/connection.js';
import type { OpenOperations } from '../connection/openOperations.js';
import type { Scope } from '../scope/scope.js';
import { isRecord } from '../../../values/guards.js';
import type { ProtocolLike, TransportLike } from '../shapes.js';
import { ClassMethod } from './classMethod.js';
import { unwatch, unwatchWrapped } from './handlerHook.js';
import type { HookState } from './hookState.js';
import { Marks } from '../scope/marks.js';
import { Remembered } from './remembered.js';
import { sendThrough } from './sendHook.js';
import { TransportHook } from './transportHook.js';
import type { SharedHooks } from './transportHook.js';
import type { Starting } from './starting.js';
import { surveyTransport } from './transportSurvey.js';
import type { TransportSurvey } from './transportSurvey.js';
import type { UnhookedReports } from './unhookedReports.js';

/** Registered globally: an ESM and a CommonJS copy of this package, or two instrumentations, must not hook one transport twice. */
const HOOKED = Symbol.for('handoff-otel.mcp.hookedTransports');

interface Hooked {
  readonly owner: object;
  readonly protocol: ProtocolLike | undefined;
  readonly connection: Connection;
  readonly survey: TransportSurvey;
  readonly hook: TransportHook;
}

/** The transports that one instrumentation has hooked, each once, with the server or client behind them. */
export class HookedTransports {
  readonly #everywhere = hookedEverywhere();
  readonly #remembered = new Remembered<Hooked>();
  readonly #reports: UnhookedReports;
  readonly #shared: SharedHooks;

  constructor(reports: UnhookedReports, starting: Starting) {
    this.#reports = reports;
    this.#shared = { starting, sends: new ClassMethod<HookState>('send', (transport) => this.#stateOf(transport), sendThrough) };
  }

  /**
   * Must be called when a protocol is about to connect, before it sets its callbacks. Returns what `attach` must be called with as
   * the transport starts, or `undefined` if it need not be called.
   */
  prepare(transport: TransportLike, protocol: ProtocolLike, server: unknown, scope: Scope): TransportSurvey | undefined {
    const known = this.#everywhere.get(transport);
    const survey = known?.survey ?? surveyTransport(transport);
    if (survey.isPlain) return survey;
    const entry = this.#enter(survey, transport, protocol, server, scope);
    if (entry === undefined) return undefined;
    this.#hook(entry, () => {
      entry.hook.prepare();
    });
    return survey.isClosed ? undefined : survey;
  }

  /**
   * Hooks a transport for a protocol; also again after its callbacks were replaced, or with other settings.
   * No-op if another instrumentation has hooked it.
   */
  attach(transport: TransportLike, protocol: ProtocolLike | undefined, server: unknown, scope: Scope, survey?: TransportSurvey): void {
    const entry = this.#enter(survey, transport, protocol, server, scope);
    if (entry === undefined) return;
    this.#hook(entry, () => {
      entry.hook.attach();
    });
  }

  /** Whether any instrumentation has hooked it. */
  has(transport: TransportLike): boolean {
    return this.#everywhere.has(transport);
  }

  /** Ends what was left open on transports that are gone. Must be called from time to time. */
  sweep(): void {
    this.#remembered.sweep();
  }

  release(): void {
    for (const entry of this.#remembered.drain()) this.#release(entry);
    this.#shared.sends.release();
  }

  #stateOf(transport: object): HookState | undefined {
    const entry = this.#everywhere.get(transport as TransportLike);
    return entry?.owner === this ? entry.hook.state : undefined;
  }

  #enter(
    survey: TransportSurvey | undefined,
    transport: TransportLike,
    protocol: ProtocolLike | undefined,
    server: unknown,
    scope: Scope,
  ): Hooked | undefined {
    const known = this.#everywhere.get(transport);
    if (known !== undefined && known.owner !== this) return undefined;
    const entry =
      known?.protocol === protocol && known !== undefined
        ? known
        : this.#make(survey ?? surveyTransport(transport), transport, protocol, server, scope);
    if (known !== undefined && entry !== known) this.#release(known);
    entry.connection.use(scope);
    entry.connection.session.reopen();
    this.#everywhere.set(transport, entry);
    const { received, sent } = entry.connection;
    this.#remembered.add(entry, () => endingOf(received, sent, protocol, server, scope));
    return entry;
  }

  #hook({ connection, survey }: Hooked, hook: () => void): void {
    if (survey.isClosed) this.#reports.note(connection.transport, connection.protocol);
    try {
      hook();
    } catch (error) {
      this.#reports.failed(connection.transport, error);
    }
  }

  #make(survey: TransportSurvey, transport: TransportLike, protocol: ProtocolLike | undefined, server: unknown, scope: Scope): Hooked {
    const connection = new Connection({ scope, protocol, transport, names: scope.namesOf(server) });
    const entry: Hooked = {
      owner: this,
      protocol,
      connection,
      survey,
      hook: new TransportHook(transport, survey, connection, this.#shared, () => {
        this.#closed(entry);
      }),
    };
    return entry;
  }

  /** A closed connection needs nothing more from us, and its handlers need no wrappers; a new connection wraps them again. */
  #closed(entry: Hooked): void {
    this.#remembered.forget(entry);
    entry.hook.leaveProtocol();
    unwatchWrapped(entry.connection);
  }

  #release(entry: Hooked): void {
    this.#everywhere.delete(entry.connection.transport);
    entry.hook.release();
    this.#closed(entry);
    if (entry.protocol !== undefined) unwatch(entry.protocol, entry.connection.names);
  }
}

/**
 * Returns what is left to do for a transport that was dropped without being closed: end what was open, so that no gauge counts it
 * forever, and restore the handlers of a server that still exists. Created outside the class: a closure created alongside others
 * that use the transport would keep it alive too.
 */
function endingOf(
  received: OpenOperations,
  sent: OpenOperations,
  protocol: ProtocolLike | undefined,
  server: unknown,
  scope: Scope,
): () => void {
  const protocolRef = protocol === undefined ? undefined : new WeakRef(protocol);
  const serverRef = isRecord(server) ? new WeakRef(server) : undefined;
  return () => {
    received.endAll();
    sent.endAll();
    const living = protocolRef?.deref();
    if (living !== undefined) unwatch(living, scope.namesOf(serverRef?.deref()));
  };
}

function hookedEverywhere(): WeakMap<TransportLike, Hooked> {
  const existing: unknown = Reflect.get(globalThis, HOOKED);
  if (existing instanceof WeakMap) return existing as WeakMap<TransportLike, Hooked>;
  const created = new Marks<TransportLike, Hooked>();
  Object.defineProperty(globalThis, HOOKED, { value: created, configurable: true, writable: true });
  return created;
}
