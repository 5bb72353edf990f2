/** One vocabulary for the clients and servers of both SDK generations, so that a single traffic table drives every cell. */

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly onProgress?: () => void;
}

export interface Subscription {
  close(): Promise<void>;
}

export interface ClientFacade {
  callTool(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<unknown>;
  /** Any request, also one the SDK has no method for. Rejects when the peer answers with an error. */
  request(method: string, params?: Record<string, unknown>): Promise<unknown>;
  notify(method: string, params?: Record<string, unknown>): Promise<void>;
  /** Starts a tool call as a task and returns the task's id. */
  callToolAsTask?(name: string): Promise<string>;
  /** `subscriptions/listen` of 2026-07-28. */
  listen?(filter: Record<string, unknown>): Promise<Subscription>;
  /** Resolves when the connection has ended, whoever ended it. */
  closed(): Promise<void>;
  close(): Promise<void>;
}

/** A server that stays connected and may speak on its own. */
export interface ServerFacade {
  request(method: string, params: Record<string, unknown>, options?: CallOptions): Promise<unknown>;
  notify(method: string, params?: Record<string, unknown>): Promise<void>;
}

/** Names the fixture servers register; every other name is made up by the caller. */
export const REGISTERED = {
  tools: new Set(['echo', 'refuse', 'explode', 'hang', 'chatty', 'announce', 'ask', 'job']),
  prompts: new Set(['greet']),
} as const;

export const URIS = { note: 'note://one', broken: 'note://broken', missing: 'note://missing' } as const;

/** Codes the fixture servers answer with when `fail://{code}` is read: the caller's faults, MCP's own, reserved and made-up ones. */
export const CODES = [-32700, -32600, -32601, -32602, -32603, -32002, -32000, -32020, -32042, -32099, 7] as const;

/** What `announce` sends while it runs, for servers that can speak only during a request. */
export const ANNOUNCEMENTS = [
  { method: 'notifications/tools/list_changed' },
  { method: 'notifications/prompts/list_changed' },
  { method: 'notifications/resources/list_changed' },
  { method: 'notifications/resources/updated', params: { uri: URIS.note } },
] as const;

/** Set by the fixtures when `hang` began, so that a cancellation never comes before the call. */
export interface HangGate {
  started: number;
}
