import { context, trace } from '@opentelemetry/api';
import type { Context, Link, PropagationAPI, TextMapGetter } from '@opentelemetry/api';
import { headerOf, isRecord } from './shapes.js';
import type { MessageExtra } from './shapes.js';

export type Extractor = Pick<PropagationAPI, 'extract'>;

export interface Parentage {
  readonly context: Context;
  readonly links: Link[];
}

/** Longest propagation value we read: a traceparent has 55 characters, baggage at most 8192. */
const MAX_VALUE_LENGTH = 8192;

const metaGetter: TextMapGetter<Record<string, unknown>> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => acceptable(Object.hasOwn(carrier, key) ? carrier[key] : undefined),
};

const headerGetter: TextMapGetter<MessageExtra> = {
  keys: () => [],
  get: (carrier, key) => acceptable(headerOf(carrier, key)),
};

/**
 * Where a request's span hangs. In this order:
 * 1. the trace context in `params._meta` is the parent, and the ambient span (the HTTP server's) becomes a link;
 * 2. the ambient span is the parent;
 * 3. the HTTP headers of the message name the parent (hosts without HTTP instrumentation);
 * 4. a new trace begins.
 */
export function resolveParent(propagation: Extractor, params: unknown, extra: MessageExtra | undefined): Parentage {
  const ambient = context.active();
  const ambientSpan = trace.getSpanContext(ambient);
  const meta = isRecord(params) ? params['_meta'] : undefined;
  const extracted = isRecord(meta) ? propagation.extract(ambient, meta, metaGetter) : ambient;
  const extractedSpan = trace.getSpanContext(extracted);
  if (extractedSpan === undefined && extra !== undefined && (extra.request ?? extra.requestInfo) !== undefined) {
    return { context: propagation.extract(extracted, extra, headerGetter), links: [] };
  }
  const displaced = ambientSpan !== undefined && extractedSpan !== ambientSpan;
  return { context: extracted, links: displaced ? [{ context: ambientSpan }] : [] };
}

function acceptable(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_VALUE_LENGTH ? value : undefined;
}
