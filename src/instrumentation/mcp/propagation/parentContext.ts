import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { Baggage, Context, Link, PropagationAPI, SpanContext, TextMapGetter } from '@opentelemetry/api';
import { headerOf } from '../shapes.js';
import type { MessageExtra } from '../shapes.js';

/** `propagation` of `@opentelemetry/api`: the propagators configured by the host. */
export type Propagation = Pick<PropagationAPI, 'extract' | 'inject' | 'fields'>;

export interface Parentage {
  readonly context: Context;
  readonly links: Link[] | undefined;
}

/** How far a peer is trusted. */
export interface Trust {
  readonly remoteParent: 'parent' | 'link' | 'ignore';
  /** `undefined`: none. */
  readonly baggageKeys: ReadonlySet<string> | 'all' | undefined;
}

/** The longest propagation value that is read: a traceparent has 55 characters, baggage at most 8192. */
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
 * Finds the parent of a received message's span. With the default trust, the first of these that applies:
 * 1. the trace context in `params._meta` is the parent, and the ambient span (the HTTP server's) becomes a link;
 * 2. the ambient span is the parent;
 * 3. the HTTP headers of the message name the parent (hosts without HTTP instrumentation);
 * 4. a new trace starts.
 * Less trust turns the parent of 1 and 3 into a link, or drops it; only baggage on the allow-list passes.
 */
export function resolveParent(
  propagator: Propagation,
  ambient: Context,
  meta: Record<string, unknown> | undefined,
  extra: MessageExtra | undefined,
  trust: Trust,
): Parentage {
  const fromMeta = meta !== undefined && carries(propagator, meta);
  const ambientSpan = trace.getSpanContext(ambient);
  if (fromMeta) {
    const extracted = propagator.extract(ambient, meta, metaGetter);
    const remote = trace.getSpanContext(extracted);
    if (remote !== undefined && remote !== ambientSpan) {
      // In memory, the sender's span is both: there must be no link to the parent itself.
      const displaced = ambientSpan === undefined || isSame(ambientSpan, remote) ? [] : [ambientSpan];
      return settle(ambient, extracted, trust, [...displaced, ...displacedHeader(propagator, ambientSpan, remote, extra)]);
    }
    // Only baggage; a parent may still be in the headers.
    if (ambientSpan !== undefined || !hasHeaders(extra)) return settle(ambient, extracted, trust, []);
  }
  if (ambientSpan === undefined && hasHeaders(extra)) {
    const fromHeaders = propagator.extract(ambient, extra, headerGetter);
    // Nothing was in them, as in most that come without trace context.
    if (fromHeaders === ambient && !fromMeta) return { context: ambient, links: undefined };
    return settle(ambient, fromMeta ? propagator.extract(fromHeaders, meta, metaGetter) : fromHeaders, trust, []);
  }
  return { context: ambient, links: undefined };
}

/** Returns the trace context of the HTTP headers when `_meta` had a different one and no HTTP instrumentation has used it. */
function displacedHeader(
  propagator: Propagation,
  ambientSpan: unknown,
  remote: SpanContext,
  extra: MessageExtra | undefined,
): SpanContext[] {
  if (ambientSpan !== undefined || !hasHeaders(extra) || headerOf(extra, 'traceparent') === undefined) return [];
  const fromHeader = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, extra, headerGetter));
  return fromHeader === undefined || isSame(fromHeader, remote) ? [] : [fromHeader];
}

function isSame(one: SpanContext, other: SpanContext | undefined): boolean {
  return one.spanId === other?.spanId && one.traceId === other.traceId;
}

function settle(ambient: Context, extracted: Context, { remoteParent, baggageKeys }: Trust, displaced: readonly SpanContext[]): Parentage {
  const remote = trace.getSpanContext(extracted);
  const links: Link[] = [];
  let chosen = extracted;
  if (remoteParent === 'parent') for (const spanContext of displaced) links.push({ context: spanContext });
  else {
    const ambientSpan = trace.getSpan(ambient);
    chosen = ambientSpan === undefined ? trace.deleteSpan(extracted) : trace.setSpan(extracted, ambientSpan);
    if (remoteParent === 'link' && remote !== undefined && !isSame(remote, ambientSpan?.spanContext())) links.push({ context: remote });
  }
  return { context: allowedBaggage(ambient, chosen, baggageKeys), links: links.length === 0 ? undefined : links };
}

function allowedBaggage(ambient: Context, extracted: Context, keys: Trust['baggageKeys']): Context {
  const baggage = propagation.getBaggage(extracted);
  const own = propagation.getBaggage(ambient);
  if (baggage === undefined || baggage === own || keys === 'all') return extracted;
  const allowed = keys === undefined ? undefined : only(baggage, keys);
  if (allowed !== undefined) return propagation.setBaggage(extracted, allowed);
  return own === undefined ? propagation.deleteBaggage(extracted) : propagation.setBaggage(extracted, own);
}

function only(baggage: Baggage, keys: ReadonlySet<string>): Baggage {
  return propagation.createBaggage(Object.fromEntries(baggage.getAllEntries().filter(([key]) => keys.has(key))));
}

function carries(propagator: Propagation, meta: Record<string, unknown>): boolean {
  for (const field of propagator.fields()) if (field in meta) return true;
  return false;
}

function hasHeaders(extra: MessageExtra | undefined): extra is MessageExtra {
  return extra !== undefined && (extra.request ?? extra.requestInfo) !== undefined;
}

function acceptable(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_VALUE_LENGTH ? value : undefined;
}
