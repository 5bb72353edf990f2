import type { RequestId } from '@modelcontextprotocol/server';

/** How large an answer may be. */
export interface AnswerRoom {
  /** Bytes for the returned value, in all its forms. */
  readonly bytes: number;
  /** Whether the value is sent twice: as text and as a structured value. */
  readonly isStructured: boolean;
}

/** Default for the largest message of an answer: clients of the TypeScript SDK accept 10 MiB over stdio. */
export const DEFAULT_MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Covers the names in the JSON-RPC message and the result, media type, cursor, ignored arguments, and what the SDK adds to a result. */
const ENVELOPE_BYTES = 16_384;
/** A summary and the names of a session and of an entry always fit into this. */
const LEAST_BYTES = 256 * 1024;

/**
 * Returns the room for an answer besides what it repeats from the request: its id, and the address of a resource. It never falls
 * below what a session without its metadata needs, so an absurd id makes the answer larger only by its own size.
 */
export function answerRoom(
  maxAnswerBytes: number,
  isStructured: boolean,
  repeated: { readonly id: RequestId; readonly uri?: string },
): AnswerRoom {
  const repeatedBytes = Buffer.byteLength(JSON.stringify(repeated));
  return { bytes: Math.max(LEAST_BYTES, maxAnswerBytes - ENVELOPE_BYTES - repeatedBytes), isStructured };
}
