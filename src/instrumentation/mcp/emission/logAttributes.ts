import type { Attributes, Context } from '@opentelemetry/api';
import { OPERATION_KEY, Operation } from './operation.js';

/**
 * What a log record made while a received message is handled says of its sender, beside trace and span: client name and
 * version, and the conversation. `undefined` outside of any message, and where the sender has told nothing.
 */
export function logAttributesOf(active: Context): Attributes | undefined {
  const operation = active.getValue(OPERATION_KEY);
  return operation instanceof Operation ? operation.sender : undefined;
}
