import type { Operation } from './operation.js';

/**
 * Descriptions of error codes. The conventions want the message of the error; messages may quote what the caller sent, so by
 * default the code's own name stands in (SOURCE.md, "Deliberate deviations").
 */
const NAMES: Readonly<Record<number, string>> = {
  [-32700]: 'Parse error',
  [-32600]: 'Invalid request',
  [-32601]: 'Method not found',
  [-32602]: 'Invalid params',
  [-32603]: 'Internal error',
  [-32002]: 'Resource not found',
  [-32020]: 'Header mismatch',
  [-32021]: 'Missing required client capability',
  [-32022]: 'Unsupported protocol version',
  [-32042]: 'URL elicitation required',
};

/** What an error status says; nothing where there is no error or it has no code. */
export function statusDescription({ errorTypes, code, exchange, recording }: Operation): string | undefined {
  if (errorTypes.length === 0 || code === undefined) return undefined;
  return recording.optedIn ? exchange.error?.message : NAMES[code];
}
