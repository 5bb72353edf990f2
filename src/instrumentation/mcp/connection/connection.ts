import type { Attributes } from '@opentelemetry/api';
import { ATTR_MCP_SESSION_ID } from '../../../telemetry/semconv.js';
import type { Direction } from '../message/direction.js';
import { hasSessions, knownProtocolVersion } from '../message/knownValues.js';
import { isNear, networkOf, networkOfMessage, serverAddressOf } from '../message/network.js';
import type { Network, ServerAddress } from '../message/network.js';
import type { Profile, ProfileSet } from '../profiles/profile.js';
import type { TargetNames } from '../message/targetNames.js';
import type { Scope } from '../scope/scope.js';
import { isFunction } from '../../../values/guards.js';
import { headerOf, isClient, stringProperty } from '../shapes.js';
import type { MessageExtra, ProtocolLike, TransportLike } from '../shapes.js';
import type { Staleness } from './foreignSpan.js';
import { OpenOperations } from './openOperations.js';
import { Session } from './session.js';

const VERSION_META_KEY = 'io.modelcontextprotocol/protocolVersion';
const VERSION_HEADER = 'mcp-protocol-version';
const MAX_MERGED = 200;

/** Where the profiles of the last message came from: those of the next one are nearly always the same. */
interface LastSet {
  readonly version: string | undefined;
  readonly network: Network;
  readonly set: ProfileSet;
}

export interface ConnectionParts {
  readonly scope: Scope;
  /** Missing on a transport that is driven without an SDK class, as by a client probing the protocol version. */
  readonly protocol: ProtocolLike | undefined;
  readonly transport: TransportLike;
  readonly names: TargetNames;
}

/** What is known about one server or client on one transport; shared by both directions (`Received`, `Sent`). */
export class Connection {
  scope: Scope;
  readonly protocol: ProtocolLike | undefined;
  readonly transport: TransportLike;
  readonly names: TargetNames;
  readonly received = new OpenOperations();
  readonly sent = new OpenOperations();
  readonly session: Session;
  /** Restore the handlers that were wrapped for its messages; see handlerHook. */
  readonly wrapped: (() => void)[] = [];
  #network: Network;
  /** `null` until somebody asks: a server that is never the sender has no need of it. */
  #serverAddress: ServerAddress | undefined | null = null;
  readonly #isClient: boolean;
  /** HTTP+SSE has session ids in its URLs, which are not an `Mcp-Session-Id`. */
  readonly #hasSessionHeader: boolean;
  #negotiated: string | undefined;
  /** The version claimed by the last message that did: where each request has its own connection, messages sent in between claim none. */
  #claimed: string | undefined;
  #client: Attributes | undefined;
  /** Merging again for each message would cost more than all other attributes together. See `spanAttributes`. */
  #merged: Map<Profile, Attributes> | undefined;
  #isUsed = false;
  #lastSessionId: unknown;
  readonly #lastSet: Record<Direction, LastSet | undefined> = { received: undefined, sent: undefined };

  constructor({ scope, protocol, transport, names }: ConnectionParts) {
    this.scope = scope;
    this.protocol = protocol;
    this.transport = transport;
    this.names = names;
    this.#network = scope.settings.network ?? networkOf(transport);
    this.#isClient = protocol === undefined || isClient(protocol);
    this.#hasSessionHeader = !('handlePostMessage' in transport);
    const { clock, session } = scope.shared.emitter;
    this.session = new Session(clock, this.#isClient ? session.client : session.server);
  }

  /** Switches to other settings from the next message on; open operations end as they began. */
  use(scope: Scope): void {
    if (scope === this.scope) return;
    this.scope = scope;
    this.#network = scope.settings.network ?? networkOf(this.transport);
    this.#merged = undefined;
    this.#lastSet.received = undefined;
    this.#lastSet.sent = undefined;
  }

  /** See `isNear`. */
  get isLocal(): boolean {
    return isNear(this.#network);
  }

  /** Whether messages come to a server from a remote peer: only then may the caller's address be known. */
  get hasCaller(): boolean {
    return !this.#isClient && !this.isLocal;
  }

  /** See `ambientOf`. */
  get staleness(): Staleness {
    if (this.#network.transport === 'pipe') return 'always';
    if (!this.#isClient || this.isLocal) return 'never';
    return this.sent.size === 0 ? 'always' : 'maybe';
  }

  get #server(): ServerAddress | undefined {
    if (this.#serverAddress === null) this.#serverAddress = serverAddressOf(this.transport);
    return this.#serverAddress;
  }

  /** The sender of received messages, as far as it has identified itself. */
  get client(): Attributes | undefined {
    return this.#client;
  }

  /** Returns the version of a message: the one it claims itself, else that of its HTTP request, else the negotiated one. */
  versionOf(meta: Record<string, unknown> | undefined, extra: MessageExtra | undefined): string | undefined {
    const claimed =
      (meta === undefined ? undefined : stringProperty(meta, VERSION_META_KEY)) ??
      (extra === undefined ? undefined : headerOf(extra, VERSION_HEADER));
    if (claimed !== undefined) {
      this.#claimed = knownProtocolVersion(claimed);
      return this.#claimed;
    }
    if (this.#negotiated !== undefined) return this.#negotiated;
    const ask = this.protocol?.getNegotiatedProtocolVersion;
    const version: unknown = isFunction(ask) ? ask.call(this.protocol) : undefined;
    return typeof version === 'string' ? knownProtocolVersion(version) : this.#claimed;
  }

  /** Learns the version from the response to `initialize`; returns it in its bounded form. */
  negotiated(version: string): string {
    this.#negotiated = knownProtocolVersion(version);
    return this.#negotiated;
  }

  profiles(direction: Direction, version: string | undefined, extra: MessageExtra | undefined): ProfileSet {
    const network = networkOfMessage(this.#network, extra);
    const last = this.#lastSet[direction];
    if (last !== undefined && last.version === version && last.network === network) return last.set;
    const server = direction === 'sent' ? this.#server : undefined;
    const set = this.scope.profiles.set({ direction, network, protocolVersion: version, server });
    this.#lastSet[direction] = { version, network, set };
    return set;
  }

  /** `Mcp-Session-Id`, while there is one. */
  get sessionId(): string | undefined {
    return this.#hasSessionHeader ? sessionIdOf(this.transport) : undefined;
  }

  /** Returns a new copy of a profile's span attributes plus those of every span of this connection. */
  spanAttributes(profile: Profile, version: string | undefined): Attributes {
    const { sessionId } = this;
    if (sessionId !== this.#lastSessionId) {
      this.#merged = undefined;
      this.#lastSessionId = sessionId;
    }
    const known = this.#merged?.get(profile);
    if (known !== undefined) return { ...known };
    const session = sessionId !== undefined && hasSessions(version) ? { [ATTR_MCP_SESSION_ID]: sessionId } : {};
    const merged: Attributes = { ...profile.spanAttributes, ...session, ...this.#client };
    // Where each request has a connection of its own, nothing is kept for a second one.
    const isFirst = !this.#isUsed;
    this.#isUsed = true;
    if (isFirst || !profile.isKept) return merged;
    if (this.#merged === undefined || this.#merged.size >= MAX_MERGED) this.#merged = new Map();
    this.#merged.set(profile, merged);
    return { ...merged };
  }

  /** Learns who the client is, from `initialize` or from the `_meta` of each message (2026-07-28). */
  learnClient(method: string, params: unknown, meta: Record<string, unknown> | undefined): void {
    if (this.#isClient) return;
    const client = this.scope.shared.clients.find(method, params, meta);
    if (client === undefined || client === this.#client) return;
    this.#client = client;
    this.#merged = undefined;
  }

  /** Ends everything that is still open, and the session. */
  close(): void {
    this.received.endAll();
    this.sent.endAll();
    const version = this.versionOf(undefined, undefined);
    if (this.scope.settings.sessions && this.#isSession(version))
      this.session.end({ network: this.#network, protocolVersion: version, server: this.#isClient ? this.#server : undefined });
  }

  /** See `Shared.onConversationEnd`; called after `close`, so that what that ended is exported too. */
  conversationEnded(): void {
    if (!this.#isClient && this.#network.transport === 'pipe') this.scope.shared.onConversationEnd?.();
  }

  #isSession(version: string | undefined): boolean {
    if (this.protocol === undefined) return false;
    if (this.#network.transport !== 'tcp' || this.#network.protocolName !== 'http') return true;
    return hasSessions(version) && (this.#isClient || sessionIdOf(this.transport) !== undefined);
  }
}

/** A getter of the host may throw: then only the id is lost, not the span. */
function sessionIdOf(transport: TransportLike): string | undefined {
  try {
    const id = transport.sessionId;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
