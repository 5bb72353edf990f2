import { matchesAttributes, matchesText, type AttributeExpectations, type TextExpectation } from './attributeMatch.js';
import { describeSpan } from './describe.js';
import type { SpanKindName, SpanRecord, SpanStatusRecord } from './records.js';
import { mismatch } from './telemetryMismatchError.js';

/** What a span must be; fields not given may be anything. */
export interface SpanQuery {
  readonly name?: TextExpectation;
  readonly kind?: SpanKindName;
  readonly attributes?: AttributeExpectations;
  readonly status?: SpanStatusRecord['code'];
  readonly traceId?: string;
  readonly parentSpanId?: string;
  /** Attributes of the sending process, such as `service.name`. */
  readonly resource?: AttributeExpectations;
  /** Name of the instrumentation scope. */
  readonly scope?: TextExpectation;
}

/** All spans that match, in the order given. */
export function findSpans(spans: readonly SpanRecord[], query: SpanQuery): readonly SpanRecord[] {
  return spans.filter(
    (span) =>
      matchesText(span.name, query.name) &&
      (query.kind === undefined || span.kind === query.kind) &&
      (query.status === undefined || span.status.code === query.status) &&
      (query.traceId === undefined || span.traceId === query.traceId) &&
      (query.parentSpanId === undefined || span.parentSpanId === query.parentSpanId) &&
      matchesText(span.scope.name, query.scope) &&
      matchesAttributes(span.attributes, query.attributes) &&
      matchesAttributes(span.resource.attributes, query.resource),
  );
}

/** The first span that matches, if any. */
export function findSpan(spans: readonly SpanRecord[], query: SpanQuery): SpanRecord | undefined {
  return findSpans(spans, query)[0];
}

/** The one span that matches. Throws TelemetryMismatchError, listing what is there, when there is none or more than one. */
export function expectOneSpan(spans: readonly SpanRecord[], query: SpanQuery): SpanRecord {
  const matched = findSpans(spans, query);
  const [only] = matched;
  if (only === undefined || matched.length > 1) throw mismatch('span', query, matched, spans, describeSpan);
  return only;
}

/** The spans of one trace, by start time. */
export function traceOf(spans: readonly SpanRecord[], traceId: string): readonly SpanRecord[] {
  return spans.filter((span) => span.traceId === traceId).sort(byStart);
}

/** The direct children of a span, by start time. */
export function childrenOf(spans: readonly SpanRecord[], parent: Pick<SpanRecord, 'traceId' | 'spanId'>): readonly SpanRecord[] {
  return spans.filter((span) => span.traceId === parent.traceId && span.parentSpanId === parent.spanId).sort(byStart);
}

/** All spans beneath a span, at any depth, parents before their children. */
export function descendantsOf(spans: readonly SpanRecord[], ancestor: SpanRecord): readonly SpanRecord[] {
  const found = new Set<SpanRecord>([ancestor]);
  // A Set iterates over what is added while iterating, and adding twice is harmless should spans form a loop.
  for (const span of found) for (const child of childrenOf(spans, span)) found.add(child);
  return [...found].slice(1);
}

const byStart = (a: SpanRecord, b: SpanRecord): number =>
  a.startTimeUnixNano < b.startTimeUnixNano ? -1 : a.startTimeUnixNano > b.startTimeUnixNano ? 1 : 0;
