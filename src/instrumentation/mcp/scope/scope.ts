import { Continuations } from './continuations.js';
import type { Emitter } from '../emission/emitter.js';
import { TakenMessages } from './taken.js';
import { ProfileBook } from '../profiles/profile.js';
import { TargetNames } from '../message/targetNames.js';
import type { ListedNames } from '../message/targetNames.js';
import { resolveMcpOptions } from '../options.js';
import type { McpOptions, McpSettings } from '../options.js';
import type { Propagation } from '../propagation/parentContext.js';
import { isClient } from '../shapes.js';

/** What all instrumented servers and clients of a process share. */
export interface Shared {
  readonly emitter: Emitter;
  readonly propagator: Propagation;
  readonly continuations: Continuations;
  readonly taken: TakenMessages;
  /** Called when a server's connection over pipes has closed. */
  readonly onConversationEnd: (() => void) | undefined;
  /** Names that servers without a registry have told their clients, and apart from them those our clients were told: a server far away must not name tools of ours. */
  readonly listed: { readonly byServers: ListedNames; readonly toClients: ListedNames };
}

/** What connections with the same settings share. */
export interface Scope {
  readonly shared: Shared;
  readonly settings: McpSettings;
  readonly profiles: ProfileBook;
  /** Names that may be put on metrics. `server` is the `McpServer`, the low-level one, or the client. */
  namesOf(server: unknown): TargetNames;
}

/** Makes the scope of one set of options. */
export function createScope(shared: Shared, options: McpOptions, base: McpOptions = {}): Scope {
  const settings = resolveMcpOptions(options, base);
  return {
    shared,
    settings,
    profiles: new ProfileBook(settings, shared.emitter.active),
    namesOf: (server) => new TargetNames(server, isClient(server) ? shared.listed.toClients : shared.listed.byServers),
  };
}

/** Makes what all scopes share. */
export function createShared(emitter: Emitter, propagator: Propagation, onConversationEnd?: () => void): Shared {
  return {
    emitter,
    propagator,
    continuations: new Continuations(),
    taken: new TakenMessages(),
    onConversationEnd,
    listed: { byServers: noNames(), toClients: noNames() },
  };
}

function noNames(): ListedNames {
  return { tool: new Set(), prompt: new Set() };
}
