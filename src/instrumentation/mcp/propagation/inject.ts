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
 *
 * @param received the `traceparent` of the message that is being handled. A gateway that passes its params on has not set this
 *   context, and the span of the receiver would miss the gateway's, so it is replaced.
 */
export function withTraceContext<Message extends JsonRpcMessage>(
  propagator: Propagation,
  active: Context,
  message: Message,
  received?: string,
): Message {
  const { params } = message;
  if (params !== undefined && (!isRecord(params) || Array.isArray(params))) return message;
  const given = params?.['_meta'];
  if (given !== undefined && !isRecord(given)) return message;
  const carrier: Record<string, string> = {};
  propagator.inject(active, carrier, setter);
  if (Object.keys(carrier).length === 0) return message;
  // A trace context is a unit: half of ours combined with half of theirs would name a span that does not exist.
  if (given === undefined || !('traceparent' in given)) return withMeta(message, { ...carrier, ...given });
  if (received !== undefined && given['traceparent'] === received && 'traceparent' in carrier) {
    const { traceparent: _traceparent, tracestate: _tracestate, ...others } = given;
    return withMeta(message, { ...carrier, ...others });
  }
  delete carrier['traceparent'];
  delete carrier['tracestate'];
  return withMeta(message, { ...carrier, ...given });
}

function withMeta<Message extends JsonRpcMessage>(message: Message, meta: Record<string, unknown>): Message {
  return { ...message, params: { ...(message.params as object | undefined), _meta: meta } };
}
