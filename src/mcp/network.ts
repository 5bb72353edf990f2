import { isFunction, isRecord } from './shapes.js';
import type { MessageExtra } from './shapes.js';

/** Values of `network.transport` and `network.protocol.name`; both absent when the transport cannot be told. */
export interface Network {
  readonly transport?: 'pipe' | 'tcp' | 'quic';
  /** Lower case: `http`, `websocket`. */
  readonly protocolName?: string;
}

const HTTP: Network = { transport: 'tcp', protocolName: 'http' };
const STDIO: Network = { transport: 'pipe' };
const UNKNOWN: Network = {};

/**
 * Tells what a connection runs over by what its transport has, since class names do not survive minifiers.
 * Answers without `transport` for in-memory and custom transports; hosts name those by the option `network`.
 */
export function networkOf(transport: unknown): Network {
  if (!isRecord(transport)) return UNKNOWN;
  if (isRecord(transport['_stdin']) && isRecord(transport['_stdout'])) return STDIO;
  if (isFunction(transport['handleRequest']) || isFunction(transport['handlePostMessage'])) return HTTP;
  // serveStdio() of SDK v2 puts a channel between the server and the real transport.
  return isRecord(transport['_wire']) ? networkOf(transport['_wire']) : UNKNOWN;
}

/** The same for one message: HTTP transports pass the request along, whatever they look like themselves. */
export function networkOfMessage(connection: Network, extra: MessageExtra | undefined): Network {
  if (connection.transport !== undefined) return connection;
  return extra?.request !== undefined || extra?.requestInfo !== undefined ? HTTP : connection;
}
