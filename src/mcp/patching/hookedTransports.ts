import { Connection } from '../connection/connection.js';
import type { OpenOperations } from '../connection/openOperations.js';
import type { TargetNames } from '../message/targetNames.js';
import type { Scope } from '../scope.js';
import type { ProtocolLike, TransportLike } from '../shapes.js';
import { unwatch } from './handlerHook.js';
import { TransportHook } from './transportHook.js';
import { WeakList } from './weakList.js';

/** Registered globally: an ESM and a CommonJS copy of this package, or two instrumentations, must not hook one transport twice. */
const HOOKED = Symbol.for('handoff-otel.mcp.hookedTransports');

interface Hooked {
  readonly owner: object;
  readonly protocol: ProtocolLike | undefined;
  readonly hook: TransportHook;
  readonly release: () => void;
}

/** The transports one instrumentation has hooked, each once, with the server or client behind it. */
export class HookedTransports {
  readonly #everywhere = hookedEverywhere();
  readonly #hooks = new WeakList<Hooked>();
  /** Servers and clients whose handlers are wrapped: they may outlive their transports. */
  readonly #watched = new WeakList<ProtocolLike>();
  readonly #names = new WeakMap<ProtocolLike, TargetNames>();

  /** Hooks a transport for a protocol; again after its callbacks were replaced. Does nothing when another instrumentation has it. */
  attach(transport: TransportLike, protocol: ProtocolLike | undefined, server: unknown, scope: Scope): void {
    const known = this.#everywhere.get(transport);
    if (known !== undefined && known.owner !== this) return;
    if (known?.protocol === protocol && known !== undefined) {
      known.hook.attach();
      return;
    }
    known?.release();
    const names = scope.namesOf(server);
    if (protocol !== undefined) this.#remember(protocol, names);
    const connection = new Connection({ scope, protocol, transport, names });
    const hook = new TransportHook(transport, connection);
    const release = (): void => {
      this.#everywhere.delete(transport);
      hook.release();
    };
    const entry: Hooked = { owner: this, protocol, hook, release };
    this.#everywhere.set(transport, entry);
    this.#hooks.add(entry, endingOf(connection.received, connection.sent));
    hook.attach();
  }

  /** Whether anybody has hooked it. */
  has(transport: TransportLike): boolean {
    return this.#everywhere.has(transport);
  }

  /** Ends what was left open on transports that are gone. To be called now and then. */
  sweep(): void {
    this.#hooks.sweep();
  }

  release(): void {
    for (const { release } of this.#hooks.drain()) release();
    for (const protocol of this.#watched.drain()) {
      const names = this.#names.get(protocol);
      if (names !== undefined) unwatch(protocol, names);
    }
  }

  #remember(protocol: ProtocolLike, names: TargetNames): void {
    if (!this.#names.has(protocol)) this.#watched.add(protocol);
    this.#names.set(protocol, names);
  }
}

/**
 * Ends what was open on a transport that was dropped without being closed, so that no gauge counts it for ever. Made out here:
 * a function made beside others that use the transport would hold it too.
 */
function endingOf(received: OpenOperations, sent: OpenOperations): () => void {
  return () => {
    received.endAll();
    sent.endAll();
  };
}

function hookedEverywhere(): WeakMap<TransportLike, Hooked> {
  const existing: unknown = Reflect.get(globalThis, HOOKED);
  if (existing instanceof WeakMap) return existing as WeakMap<TransportLike, Hooked>;
  const created = new WeakMap<TransportLike, Hooked>();
  Object.defineProperty(globalThis, HOOKED, { value: created, configurable: true, writable: true });
  return created;
}
