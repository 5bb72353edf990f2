import type { McpHooks } from '../../../src/instrumentation/mcp/instrumentation.js';
import type { ClientFacade, HangGate, ServerFacade } from '../traffic/facade.js';
import type { WireLog } from '../wire/tap.js';

export const SDKS = ['v1', 'v2 2025-11-25', 'v2 2026-07-28'] as const;
export const TRANSPORTS = ['in-memory', 'stdio', 'http stateful', 'http stateless', 'createMcpHandler', 'legacy SSE'] as const;

export type Sdk = (typeof SDKS)[number];
export type TransportName = (typeof TRANSPORTS)[number];

/** What a cell needs from the outside: one instrumentation per side, so that neither side's telemetry can stand in for the other's. */
export interface CellDependencies {
  readonly client: McpHooks;
  readonly server: McpHooks;
  readonly log: WireLog;
  readonly gate: HangGate;
}

export interface OpenCell {
  readonly client: ClientFacade;
  /** Absent where every request has a server of its own. */
  readonly server?: ServerFacade;
  /** Tells the subscribers of 2026-07-28 that something changed. */
  readonly publish?: (what: 'tools' | 'prompts' | 'resources' | { readonly uri: string }) => void | Promise<void>;
  /** Breaks the connection instead of closing it: the server's input fails, and the client gets what is no message. */
  readonly break?: () => void;
  readonly sessionId: () => string | undefined;
  readonly address?: { readonly host: string; readonly port: number };
  /** Ends what the client's own close does not end. */
  readonly close: () => Promise<void>;
}

export interface Cell {
  readonly sdk: Sdk;
  readonly transport: TransportName;
  /** Key of the transport table of the conventions; absent where the table has none. */
  readonly table?: 'stdio' | 'streamable-http' | 'http-sse';
  /** The server may speak outside a request. */
  readonly push: boolean;
  /** Points of `mcp.*.session.duration` that one connection makes. */
  readonly sessions: { readonly client: number; readonly server: number };
  readonly open: (dependencies: CellDependencies) => Promise<OpenCell>;
}

export function nameOf({ sdk, transport }: Pick<Cell, 'sdk' | 'transport'>): string {
  return `${sdk} × ${transport}`;
}

export function isModern(sdk: Sdk): boolean {
  return sdk === 'v2 2026-07-28';
}

/** The protocol version both sides agree on. */
export function versionOf(sdk: Sdk): string {
  return isModern(sdk) ? '2026-07-28' : '2025-11-25';
}
