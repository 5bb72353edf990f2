import type { Context } from '@opentelemetry/api';
import type { Operation } from '../emission/operation.js';
import type { JsonRpcMessage } from '../shapes.js';

/** An incoming message: handle it in `context`, then report to `operation`. */
export interface Arrival {
  readonly context: Context;
  readonly operation: Operation | undefined;
}

/** An outgoing message: send `message` in `context`, then report the result. */
export interface Departure {
  readonly message: JsonRpcMessage;
  /** `undefined`: keep the context it is sent in. */
  readonly context: Context | undefined;
  /** Called when the transport accepted it. */
  done(): void;
  /** Called when the transport did not accept it, or lost it. */
  failed(error: unknown): void;
}
