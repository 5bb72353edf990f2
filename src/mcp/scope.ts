import { Continuations } from './connection/continuations.js';
import type { Emitter } from './emission/emitter.js';
import { TakenMessages } from './entry/taken.js';
import { ProfileBook } from './message/profile.js';
import { TargetNames } from './message/targetNames.js';
import type { ListedNames } from './message/targetNames.js';
import { resolveMcpOptions } from './options.js';
import type { McpOptions, McpSettings } from './options.js';
import type { Propagation } from './propagation/parentContext.js';

/** What all instrumented servers and clients of a process share. */
export interface Shared {
  readonly emitter: Emitter;
  readonly propagator: Propagation;
  readonly continuations: Continuations;
  readonly taken: TakenMessages;
  /** Names that servers without a registry have told their clients. */
  readonly listed: ListedNames;
}

/** What connections with the same settings share. */
export interface Scope {
  readonly shared: Shared;
  readonly settings: McpSettings;
  readonly profiles: ProfileBook;
  /** Names a server may put on metrics. `server` is the `McpServer`, or the low-level one. */
  namesOf(server: unknown): TargetNames;
}

/** Makes the scope of one set of options. */
export function createScope(shared: Shared, options: McpOptions, base: McpOptions = {}): Scope {
  const settings = resolveMcpOptions(options, base);
  return {
    shared,
    settings,
    profiles: new ProfileBook(settings, shared.emitter.active),
    namesOf: (server) => new TargetNames(server, shared.listed),
  };
}

/** Makes what all scopes share. */
export function createShared(emitter: Emitter, propagator: Propagation): Shared {
  return { emitter, propagator, continuations: new Continuations(), taken: new TakenMessages(), listed: { tool: new Set(), prompt: new Set() } };
}
