import { randomBytes } from 'node:crypto';
import { list } from './scrubbing.mjs';
import { post } from './workload.mjs';

const SPANS_PER_CALL = 3;
const CALLS_PER_REQUEST = 200;
const NANOSECONDS = 1_000_000;
const hex = (/** @type {number} */ bytes) => randomBytes(bytes).toString('hex');

/** @typedef {{ kind: string, tool: string, durationMs?: number, errorType?: string, failed?: boolean }} CallKind */
/** @typedef {{ kind: string, tool: string, traceId: string, spanIds: string[] }} Call */

/**
 * Makes calls of tools, each a trace of three spans from two processes: an agent's, the server's and that of a database. All of the
 * agent's spans are sent before any of the server's, so that the parts of a trace travel in different requests.
 * @param {string} endpoint  base URL of OTLP/HTTP
 * @param {CallKind[]} kinds  one for each call
 * @returns {Promise<Call[]>} what was accepted
 */
export async function sendCalls(endpoint, kinds) {
  const made = kinds.map(newCall);
  for (const service of /** @type {const} */ (['agent', 'server']))
    for (let first = 0; first < made.length; first += CALLS_PER_REQUEST) {
      const spans = made.slice(first, first + CALLS_PER_REQUEST).flatMap((call) => call[service]);
      const resource = { attributes: list({ 'service.name': `verify-${service}`, 'service.instance.id': `${service}-1` }) };
      await post(endpoint, 'traces', { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'verify' }, spans }] }] });
    }
  return made.map(({ call }) => call);
}

/** @param {CallKind} kind */
function newCall({ kind, tool, durationMs = 5, errorType, failed = false }) {
  const traceId = hex(16);
  const spanIds = Array.from({ length: SPANS_PER_CALL }, () => hex(8));
  const [agentId = '', serverId = '', databaseId = ''] = spanIds;
  const startNano = BigInt(Date.now()) * BigInt(NANOSECONDS);
  const times = { startTimeUnixNano: String(startNano), endTimeUnixNano: String(startNano + BigInt(durationMs * NANOSECONDS)) };
  const mcp = list({
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': tool,
    ...(errorType === undefined ? {} : { 'error.type': errorType }),
  });
  const status = failed ? { status: { code: 2 } } : {};
  const call = { traceId, name: `tools/call ${tool}`, attributes: mcp, ...times };
  const statement = { traceId, name: 'SELECT', kind: 3, attributes: list({ 'db.system.name': 'postgresql' }), ...times };
  return {
    call: { kind, tool, traceId, spanIds },
    agent: [{ ...call, spanId: agentId, kind: 3 }],
    server: [
      { ...call, spanId: serverId, parentSpanId: agentId, kind: 2, ...status },
      { ...statement, spanId: databaseId, parentSpanId: serverId },
    ],
  };
}

/**
 * How many spans of each call arrived, by trace.
 * @param {import('./exported.mjs').Exported} exported
 * @returns {Map<string, string[]>}
 */
export function spanIdsByTrace({ spans }) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { traceId, spanId } of spans) found.set(traceId, [...(found.get(traceId) ?? []), spanId]);
  return found;
}

/**
 * Returns the calls that did not arrive, those that arrived in part, and those of which something arrived twice.
 * @param {Call[]} calls
 * @param {Map<string, string[]>} arrived
 */
export function sortOut(calls, arrived) {
  const of = (/** @type {Call} */ { traceId }) => arrived.get(traceId) ?? [];
  return {
    missing: calls.filter((call) => of(call).length === 0),
    partial: calls.filter((call) => of(call).length > 0 && new Set(of(call)).size < call.spanIds.length),
    doubled: calls.filter((call) => new Set(of(call)).size < of(call).length),
  };
}
