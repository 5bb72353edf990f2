import type { Attributes, Context } from '@opentelemetry/api';
import { OPERATION_KEY, Operation } from './operation.js';

/**
 * Returns what a log record written while a received message is handled says about its sender, besides trace and span: client name
 * and version, and the conversation. `undefined` outside any message, and if the sender has sent none of these.
 */
export function logAttributesOf(active: Context): Attributes | undefined {
  const operation = active.getValue(OPERATION_KEY);
  return operation instanceof Operation ? operation.sender : undefined;
}
