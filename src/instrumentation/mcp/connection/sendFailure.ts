import { errorType } from '../../../telemetry/errorType.js';
import { CANCELLED, CONNECTION_CLOSED, boundedCode } from '../message/outcome.js';
import type { Outcome } from '../message/outcome.js';
import { isRecord } from '../../../values/guards.js';

const MAX_BODY_LENGTH = 65_536;

/**
 * Returns the outcome of a request that the transport could not deliver: the JSON-RPC code or else the HTTP status of the response,
 * if there was one, otherwise the class of the error. SDK v2 puts status and body into `data`, v1 into `code` and the message.
 */
export function outcomeOfSendFailure(error: unknown): Outcome {
  try {
    if (!isRecord(error)) return { errorType: errorType(error) };
    if (error['name'] === 'AbortError') return CANCELLED;
    const data = isRecord(error['data']) ? error['data'] : {};
    const httpStatus = statusOf(data['status']) ?? statusOf(error['code']) ?? statusOf(error['status']);
    const code = rejectionOf(error)?.['code'];
    const statusCode = typeof code === 'number' ? code : undefined;
    if (statusCode !== undefined)
      return { errorType: boundedCode(statusCode), statusCode, ...(httpStatus === undefined ? {} : { httpStatus }) };
    return httpStatus === undefined ? { errorType: errorType(error) } : { errorType: String(httpStatus), httpStatus };
  } catch {
    return { errorType: errorType(undefined) };
  }
}

/** Returns the message of a JSON-RPC error in the body of an HTTP 4xx. It may quote what was sent: see `Outcome.message`. */
export function messageOfRejection(error: unknown): string | undefined {
  try {
    const message = rejectionOf(error)?.['message'];
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the outcome of a request whose response the transport rejected: the peer is gone, unless the response could not be written. */
export function outcomeOfUnsentAnswer(error: unknown): Outcome {
  return error instanceof TypeError || error instanceof RangeError ? { errorType: errorType(error) } : CONNECTION_CLOSED;
}

function statusOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599 ? value : undefined;
}

function bodyInMessage(message: unknown): string | undefined {
  const start = typeof message === 'string' ? message.indexOf('{') : -1;
  return typeof message === 'string' && start >= 0 ? message.slice(start) : undefined;
}

/** Returns the JSON-RPC error that a rejection may carry in the body of an HTTP 4xx. */
function rejectionOf(error: unknown): Record<string, unknown> | undefined {
  const data = isRecord(error) ? error['data'] : undefined;
  const text = (isRecord(data) ? data['text'] : undefined) ?? (isRecord(error) ? bodyInMessage(error['message']) : undefined);
  if (typeof text !== 'string' || text.length > MAX_BODY_LENGTH || !text.startsWith('{')) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    const rejection = isRecord(body) ? body['error'] : undefined;
    return isRecord(rejection) ? rejection : undefined;
  } catch {
    return undefined;
  }
}
