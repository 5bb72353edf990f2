import { createHash } from 'node:crypto';

/** A request a test sends. */
export interface Request {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** A span of this database must be beneath the request's span. */
  readonly database?: 'postgresql' | 'redis';
}

/** A request as it was sent, and its answer: everything telemetry is compared with. */
export interface Exchange extends Request {
  readonly id: number;
  readonly answer: Answer;
}

export interface Answer {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Script {
  readonly era: Era;
  readonly requests: readonly Request[];
}

/** All of one run. */
export interface Conversation {
  readonly exchanges: readonly Exchange[];
  /** Version the server agreed to. */
  readonly protocolVersion: string;
  readonly sessionId?: string;
  /** What the server sent by itself. */
  readonly unasked: readonly unknown[];
  /** Notifications sent to the server. */
  readonly notified: number;
}

export const callTool = (name: string, args: Readonly<Record<string, unknown>> = {}, database?: Request['database']): Request => ({
  method: 'tools/call',
  params: { name, arguments: args },
  ...(database === undefined ? {} : { database }),
});

/** A protocol version before sessions were given up, or the one that did: `2026-07-28`. */
export type Era = 'with initialize' | 'without';

const clientInfo = { name: 'third-party', version: '1.0.0' };

/** What every script begins with; the list also makes the names of low-level servers' tools known. */
export const openings: Readonly<Record<Era, readonly Request[]>> = {
  'with initialize': [
    { method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } },
    { method: 'tools/list' },
  ],
  without: [{ method: 'server/discover' }, { method: 'tools/list' }],
};

export const VERSION_WITHOUT_INITIALIZE = '2026-07-28';

/** What each request says of its sender since there is no `initialize` that says it once. */
const envelope = {
  'io.modelcontextprotocol/protocolVersion': VERSION_WITHOUT_INITIALIZE,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': clientInfo,
};

/** The trace a request belongs to, by its place in the script: the same in every run, so that what is sent is too. */
export const traceIdOf = (id: number): string => createHash('md5').update(`request ${id}`).digest('hex');

export const PARENT_SPAN_ID = 'b7ad6b7169203331';

/** The JSON-RPC request, its caller's span in `_meta`. */
export function messageOf({ method, params }: Request, id: number, era: Era): object {
  const traceparent = `00-${traceIdOf(id)}-${PARENT_SPAN_ID}-01`;
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...(era === 'without' ? envelope : {}), traceparent } } };
}

export const toolOf = ({ method, params }: Request): string | undefined => (method === 'tools/call' ? String(params?.['name']) : undefined);
