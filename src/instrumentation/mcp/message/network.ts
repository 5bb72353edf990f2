import { isFunction, isRecord } from '../../../values/guards.js';
import { isTransport } from '../shapes.js';
import type { MessageExtra } from '../shapes.js';

/** Values of `network.*`; absent where the transport is not recognised. */
export interface Network {
  readonly transport?: 'pipe' | 'tcp' | 'quic';
  /** Lower case: `http`, `websocket`. */
  readonly protocolName?: string;
  /** `1.1`, `2`, `3`. No SDK exposes it, so only the host can set it. */
  readonly protocolVersion?: string;
}

/** Where a client's messages go. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

const HTTP: Network = { transport: 'tcp', protocolName: 'http' };
const WEBSOCKET: Network = { transport: 'tcp', protocolName: 'websocket' };
const STDIO: Network = { transport: 'pipe' };
const IN_MEMORY: Network = {};
const UNKNOWN: Network = {};

/** The maximum number of nested wrappers to look through; one that holds itself must not loop. */
const MAX_WRAPPERS = 4;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 };

/**
 * Detects what a connection runs over from the members of its transport, since class names do not survive minifiers.
 * The result has no `transport` for in-memory and custom transports; hosts set it with the option `network`.
 */
export function networkOf(transport: unknown): Network {
  try {
    return networkWithin(transport, 0);
  } catch {
    // A getter of the host threw.
    return UNKNOWN;
  }
}

function networkWithin(transport: unknown, depth: number): Network {
  if (!isRecord(transport)) return UNKNOWN;
  if (isRecord(transport['_stdin']) && isRecord(transport['_stdout'])) return STDIO;
  if (isRecord(transport['_serverParams'])) return STDIO;
  // Server transports handle requests, those of one exchange (SDK v2) a single message; client transports have a URL.
  if (isFunction(transport['handleRequest']) || isFunction(transport['handlePostMessage'])) return HTTP;
  if (isFunction(transport['handleMessage']) && '_classification' in transport) return HTTP;
  if (isTransport(transport['_otherTransport'])) return IN_MEMORY;
  const url = urlOf(transport);
  if (url !== undefined) return url.protocol.startsWith('ws') ? WEBSOCKET : HTTP;
  // serveStdio() of SDK v2 puts a channel between the server and the real transport; hosts such as MCP Inspector wrap transports.
  const inner = transport['_wire'] ?? transport['transport'] ?? transport['baseTransport'];
  return depth < MAX_WRAPPERS && isTransport(inner) ? networkWithin(inner, depth + 1) : UNKNOWN;
}

/** Whether the peer is on the same machine and nobody else can write: on pipes and in memory. A host's own transport may be anything. */
export function isNear(network: Network): boolean {
  return network.transport === 'pipe' || network === IN_MEMORY;
}

/** Returns the network of one message: HTTP transports pass the request along, whatever they look like themselves. */
export function networkOfMessage(connection: Network, extra: MessageExtra | undefined): Network {
  if (connection.transport !== undefined) return connection;
  return extra?.request !== undefined || extra?.requestInfo !== undefined ? HTTP : connection;
}

/** Returns `server.address` and `server.port` for a client transport that has a URL. */
export function serverAddressOf(transport: unknown): ServerAddress | undefined {
  const url = urlWithin(transport, 0);
  if (url === undefined || url.hostname === '') return undefined;
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port);
  return port === undefined ? undefined : { address: url.hostname.replace(/^\[|\]$/gu, ''), port };
}

function urlWithin(transport: unknown, depth: number): URL | undefined {
  try {
    if (!isRecord(transport)) return undefined;
    const inner = transport['transport'] ?? transport['baseTransport'];
    return urlOf(transport) ?? (depth < MAX_WRAPPERS && isTransport(inner) ? urlWithin(inner, depth + 1) : undefined);
  } catch {
    return undefined;
  }
}

function urlOf(transport: Record<string, unknown>): URL | undefined {
  const url = transport['_url'];
  return url instanceof URL ? url : undefined;
}
