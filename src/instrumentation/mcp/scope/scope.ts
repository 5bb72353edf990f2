import { Continuations } from './continuations.js';
import type { Emitter } from '../emission/emitter.js';
import { TakenMessages } from './taken.js';
import { ClientIdentities } from '../message/clientIdentity.js';
import { ProfileBook } from '../profiles/profile.js';
import { TargetNames } from '../message/targetNames.js';
import type { ListedNames } from '../message/targetNames.js';
import { resolveMcpOptions } from '../options.js';
import type { McpOptions, McpSettings } from '../options.js';
import type { Propagation } from '../propagation/parentContext.js';
import { isClient } from '../shapes.js';

/** State shared by all instrumented servers and clients of a process. */
export interface Shared {
  readonly emitter: Emitter;
  readonly propagator: Propagation;
  readonly continuations: Continuations;
  readonly taken: TakenMessages;
  readonly clients: ClientIdentities;
  /** Called when a server's connection over pipes has closed. */
  readonly onConversationEnd: (() => void) | undefined;
  /** Names listed by servers without a registry, kept apart from those our clients received: a remote server must not name our tools. */
  readonly listed: { readonly byServers: ListedNames; readonly toClients: ListedNames };
}

/** State shared by connections with the same settings. */
export interface Scope {
  readonly shared: Shared;
  readonly settings: McpSettings;
  readonly profiles: ProfileBook;
  /** Returns the names that may be put on metrics. `server` is the `McpServer`, the low-level one, or the client. */
  namesOf(server: unknown): TargetNames;
}

/** Creates the scope of one set of options. */
export function createScope(shared: Shared, options: McpOptions, base: McpOptions = {}): Scope {
  const settings = resolveMcpOptions(options, base);
  return {
    shared,
    settings,
    profiles: new ProfileBook(settings, shared.emitter.active),
    namesOf: (server) => new TargetNames(server, isClient(server) ? shared.listed.toClients : shared.listed.byServers),
  };
}

/** Creates the state that all scopes share. */
export function createShared(emitter: Emitter, propagator: Propagation, onConversationEnd?: () => void): Shared {
  return {
    emitter,
    propagator,
    continuations: new Continuations(),
    taken: new TakenMessages(),
    clients: new ClientIdentities(),
    onConversationEnd,
    listed: { byServers: noNames(), toClients: noNames() },
  };
}

function noNames(): ListedNames {
  return { tool: new Set(), prompt: new Set() };
}
