import type { IncomingMessage, ServerResponse } from 'node:http';
import { isMapping } from '../../values/guards.js';
import { notBegun } from '../resilience/errors/safeFailure.js';
import { failure, toCallToolResult } from './tools/reply.js';

/** What decides which calls are refused before MCP sees them. */
export interface CallRoom {
  /** How many calls may be inside at a time: those that run, and those that wait. */
  room(): number;
  /** Counts a call that is refused, and says after how many milliseconds to come back. */
  refuse(): number;
  /** What the server works without; shown in every answer. */
  degraded(): readonly object[];
}

/**
 * `error` of each tool that is refused while there is no room; fixed by the contract. The tools of operators are missing: they are what
 * overload is looked into with.
 */
const ERROR_BY_TOOL: Readonly<Record<string, string>> = {
  register_session: 'Failed to session_creation',
  update_context: 'Failed to update context',
  request_handoff: 'Failed to process handoff request',
  analyze_codebase: 'Failed to analyze codebase',
  list_sessions: 'Failed to list sessions',
  get_context: 'Failed to read context',
  get_summary: 'Failed to read summary',
  list_handoffs: 'Failed to list handoffs',
  accept_handoff: 'Failed to accept handoff',
  reject_handoff: 'Failed to reject handoff',
  complete_handoff: 'Failed to complete handoff',
};

/** Present in the 2026 era only, whose results say that they are whole. */
const METHOD_HEADER = 'mcp-method';
const SUBSCRIPTION = 'subscriptions/listen';

/**
 * Refuses tool calls over HTTP before anything of MCP is done for them. A call costs this process about as much before its turn as after
 * it, so that refusing it there would leave no time for others: at twice the load the server would do hardly any (decision 0075).
 */
export class EarlyRefusal {
  readonly #calls: CallRoom;
  #inside = 0;

  constructor(calls: CallRoom) {
    this.#calls = calls;
  }

  /** Counts a request until it is answered, and returns whether there was room for it. Subscriptions take none. */
  enter({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
    if (method !== 'POST' || headers[METHOD_HEADER] === SUBSCRIPTION) return true;
    if (this.#inside >= this.#calls.room()) return false;
    this.#inside += 1;
    response.once('close', () => (this.#inside -= 1));
    return true;
  }

  /** Returns the answer to a message for which there was no room; `undefined` for one that is not refused. */
  answer(message: unknown, { headers }: IncomingMessage): object | undefined {
    if (!isMapping(message) || message['method'] !== 'tools/call' || !isMapping(message['params'])) return undefined;
    const { id } = message;
    const { name } = message['params'];
    if ((typeof id !== 'string' && typeof id !== 'number') || typeof name !== 'string' || !Object.hasOwn(ERROR_BY_TOOL, name))
      return undefined;
    const off = this.#calls.degraded();
    const body = { ...notBegun(this.#calls.refuse()), ...(off.length === 0 ? {} : { degraded: off }) };
    const result = toCallToolResult(failure(ERROR_BY_TOOL[name] ?? '', body));
    return { jsonrpc: '2.0', id, result: headers[METHOD_HEADER] === undefined ? result : { resultType: 'complete', ...result } };
  }
}
