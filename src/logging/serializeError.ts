import { errorCode } from '../errors/classify.js';
import { exceptionType, isError, stackFrames } from '../errors/exceptionFields.js';
import { HandoffError } from '../errors/handoffError.js';

/** An error as it appears under `err` in a log line. */
export interface SerializedError {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: SerializedError;
}

/** Longer chains of causes are cut off; most are short, and a cycle must end somewhere. */
const MAX_CAUSES = 3;

/**
 * Builds the serializer for errors in log lines.
 *
 * Without `messages`, only our own errors keep their message: we wrote it and it quotes no content. Messages of
 * other errors quote what the caller sent (PostgreSQL repeats the value it could not parse), so type, code and frames
 * must suffice. pino's own serializer would also copy every property (`detail`, `query`, `parameters`).
 */
export function createErrorSerializer({ messages }: { readonly messages: boolean }): (thrown: unknown) => unknown {
  return (thrown) => {
    try {
      return isError(thrown) ? serialize(thrown, messages, MAX_CAUSES) : thrown;
    } catch {
      // A getter threw. pino would pass that on to whoever logs.
      return { type: exceptionType(thrown) };
    }
  };
}

function serialize(error: Error, messages: boolean, causesLeft: number): SerializedError {
  const code = errorCode(error);
  const stack = stackFrames(error);
  return {
    type: exceptionType(error),
    ...(code === undefined ? {} : { code }),
    ...(messages || error instanceof HandoffError ? { message: error.message } : {}),
    ...(stack === undefined ? {} : { stack }),
    ...(isError(error.cause) && causesLeft > 0 ? { cause: serialize(error.cause, messages, causesLeft - 1) } : {}),
  };
}
