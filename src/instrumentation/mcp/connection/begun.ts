import type { Context } from '@opentelemetry/api';
import type { Operation } from '../emission/operation.js';
import type { JsonRpcMessage } from '../shapes.js';

/** A message that came in: handle it in `context`, then report to `operation`. */
export interface Arrival {
  readonly context: Context;
  readonly operation: Operation | undefined;
}

/** A message on its way out: send `message` in `context`, then report how that went. */
export interface Departure {
  readonly message: JsonRpcMessage;
  /** `undefined`: the context it is sent in anyway. */
  readonly context: Context | undefined;
  /** The transport took it. */
  done(): void;
  /** The transport did not take it, or lost it. */
  failed(error: unknown): void;
}
