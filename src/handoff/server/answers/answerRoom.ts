import type { RequestId } from '@modelcontextprotocol/server';

/** What an answer may be large. */
export interface AnswerRoom {
  /** Bytes for the value that is answered, in all its forms. */
  readonly bytes: number;
  /** Whether it is carried twice: as text and as a structured value. */
  readonly isStructured: boolean;
}

/** Largest message of an answer when nothing else is asked for: clients of the TypeScript SDK take 10 MiB over stdio. */
export const DEFAULT_MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Names of the JSON-RPC message and of the result, media type, cursor, ignored arguments, and what the SDK adds to a result. */
const ENVELOPE_BYTES = 16_384;
/** A summary, the names of a session and of an entry always fit into this. */
const LEAST_BYTES = 256 * 1024;

/**
 * Room for an answer beside what it repeats of the request: its id, and the address of a resource. What is left never falls
 * below what a session without its metadata needs, so an absurd id makes the answer larger by itself and by nothing else.
 */
export function answerRoom(
  maxAnswerBytes: number,
  isStructured: boolean,
  repeated: { readonly id: RequestId; readonly uri?: string },
): AnswerRoom {
  const repeatedBytes = Buffer.byteLength(JSON.stringify(repeated));
  return { bytes: Math.max(LEAST_BYTES, maxAnswerBytes - ENVELOPE_BYTES - repeatedBytes), isStructured };
}
