import { ROOT_CONTEXT, context, createContextKey, trace } from '@opentelemetry/api';
import type { Context, Link, Span, SpanContext } from '@opentelemetry/api';

/**
 * How long after its end a span may still get children. What a request briefly leaves behind (a cache that is filled after
 * the answer) belongs to it; a loop that it started and that runs forever does not.
 */
const LATEST_CHILD_MS = 10_000;

const STARTED_IN = createContextKey('handoff-otel: the span in which this was started');

/** Where something that starts now belongs. */
export interface Origin {
  /** Absent when there is no span, or one that ended long ago. */
  readonly parent: Span | undefined;
  /** The span that started a loop or a connection that outlives it; only without a parent. */
  readonly startedIn: SpanContext | undefined;
}

/**
 * Calls `start` outside any span, for what may outlive the active one: a connection, with everything that
 * ever arrives on it. The active span is remembered for a link.
 */
export function startDetached<T>(start: () => T): T {
  const from = context.active();
  const startedIn = trace.getSpanContext(from) ?? from.getValue(STARTED_IN);
  return context.with(startedIn === undefined ? ROOT_CONTEXT : ROOT_CONTEXT.setValue(STARTED_IN, startedIn), start);
}

/** @param nowMs the wall clock, in milliseconds since the epoch; only called when the span has ended */
export function originIn(from: Context, nowMs: () => number): Origin {
  const span = trace.getSpan(from);
  if (span === undefined) return { parent: undefined, startedIn: from.getValue(STARTED_IN) as SpanContext | undefined };
  return isLongOver(span, nowMs) ? { parent: undefined, startedIn: span.spanContext() } : { parent: span, startedIn: undefined };
}

export function linksTo(startedIn: SpanContext | undefined): { readonly links?: Link[] } {
  return startedIn === undefined ? {} : { links: [{ context: startedIn }] };
}

/** Only a span of an OpenTelemetry SDK says when it ended; that of a remote parent never does. */
function isLongOver(span: Span, nowMs: () => number): boolean {
  if (!('ended' in span) || span.ended !== true || !('endTime' in span) || !Array.isArray(span.endTime)) return false;
  const [seconds, nanoseconds] = span.endTime as unknown[];
  return typeof seconds === 'number' && typeof nanoseconds === 'number' && nowMs() - (seconds * 1000 + nanoseconds / 1e6) > LATEST_CHILD_MS;
}
