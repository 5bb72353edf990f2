import type { Context, TextMapSetter } from '@opentelemetry/api';
import { isRecord } from '../../../values/guards.js';
import type { JsonRpcMessage } from '../shapes.js';
import type { Propagation } from './parentContext.js';

const setter: TextMapSetter<Record<string, string>> = {
  set: (carrier, key, value) => {
    carrier[key] = value;
  },
};

/**
 * Returns a copy of the message with the trace context of `active` in `params._meta` (SEP-414), as callers reuse their objects.
 * Existing entries stay: a host that set its own context knows better. Returns the message itself when there is
 * nothing to add, or when its params are not an object and so have no place for it.
 */
export function withTraceContext<Message extends JsonRpcMessage>(propagator: Propagation, active: Context, message: Message): Message {
  const { params } = message;
  if (params !== undefined && (!isRecord(params) || Array.isArray(params))) return message;
  const given = params?.['_meta'];
  if (given !== undefined && !isRecord(given)) return message;
  const carrier: Record<string, string> = {};
  propagator.inject(active, carrier, setter);
  if (Object.keys(carrier).length === 0) return message;
  // A trace context is a unit: half of ours combined with half of theirs would name a span that does not exist.
  if (given !== undefined && 'traceparent' in given) {
    delete carrier['traceparent'];
    delete carrier['tracestate'];
  }
  return { ...message, params: { ...params, _meta: { ...carrier, ...given } } };
}
