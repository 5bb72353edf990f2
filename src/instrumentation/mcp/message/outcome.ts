import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import { isRecord } from '../../../values/guards.js';
import type { JsonRpcMessage } from '../shapes.js';
import type { Direction } from './direction.js';

/** How an operation ended. Without `errorType` it did not fail, even if the response was an error. */
export interface Outcome {
  readonly errorType?: string;
  /** JSON-RPC error code of the response. */
  readonly statusCode?: number;
  /** HTTP status, when the response had no JSON-RPC body. */
  readonly httpStatus?: number;
  /** Message of the error response; not used unless error messages are captured. */
  readonly message?: string;
}

export const SUCCEEDED: Outcome = {};
export const CANCELLED: Outcome = { errorType: 'cancelled' };
export const TIMED_OUT: Outcome = { errorType: 'timeout' };
export const CONNECTION_CLOSED: Outcome = { errorType: 'connection_closed' };
/** Without a readable response: dropped by the SDK, answered with garbage, or abandoned because too many were open (OpenOperations). */
export const ABANDONED: Outcome = { errorType: VALUE_OTHER };

const TOOL_ERROR: Outcome = { errorType: 'tool_error' };

/** Errors made by the caller: the server did its job by rejecting them, so on its side they are not failures (conventions, merged #404). */
const CALLER_FAULTS: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602, -32002]);

/** Status descriptions by code: a fixed vocabulary, because the message of an error response may quote the caller's content. */
const DESCRIPTIONS: ReadonlyMap<number, string> = new Map([
  [-32700, 'Parse error'],
  [-32600, 'Invalid request'],
  [-32601, 'Method not found'],
  [-32602, 'Invalid params'],
  [-32603, 'Internal error'],
  [-32002, 'Resource not found'],
  [-32020, 'Header mismatch'],
  [-32021, 'Missing required client capability'],
  [-32022, 'Unsupported protocol version'],
  [-32042, 'URL elicitation required'],
]);

/** Derives the outcome of a request from its response. A caller's fault is an error on the caller's side only. */
export function outcomeOfResponse(method: string, response: JsonRpcMessage, direction: Direction): Outcome {
  const { error } = response;
  if (error !== undefined) {
    if (!isRecord(error)) return ABANDONED;
    const code = error['code'];
    const message = typeof error['message'] === 'string' ? { message: error['message'] } : {};
    if (typeof code !== 'number') return { errorType: VALUE_OTHER, ...message };
    const isFault = direction === 'received' && CALLER_FAULTS.has(code);
    return isFault ? { statusCode: code, ...message } : { errorType: boundedCode(code), statusCode: code, ...message };
  }
  const { result } = response;
  return method === 'tools/call' && isRecord(result) && result['isError'] === true ? TOOL_ERROR : SUCCEEDED;
}

/**
 * Returns an error code as it may appear on a metric. Handlers may throw any integer as a code, and each would be a new time
 * series, so only the range reserved by JSON-RPC and HTTP-like codes keep their value.
 */
export function boundedCode(code: number): string {
  const bounded = Number.isInteger(code) && ((code >= -32_768 && code <= -32_000) || (code >= 100 && code <= 599));
  return bounded ? String(code) : VALUE_OTHER;
}

/** Returns the description of a span's error status, if there is one that is not the caller's own text. */
export function statusDescription(outcome: Outcome): string | undefined {
  return outcome.statusCode === undefined ? undefined : DESCRIPTIONS.get(outcome.statusCode);
}
