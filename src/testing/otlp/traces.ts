import type { ResourceRecord, ScopeRecord, SpanEventRecord, SpanLinkRecord, SpanRecord, SpanStatusRecord } from '../records.js';
import { attributesOf, resourceOf, scopeOf } from './attributes.js';
import type { Batch } from './batch.js';
import { enumField, integerField, messageField, messagesField, textField, type Message } from './fields.js';
import { spanIdOf, traceIdOf } from './ids.js';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'] as const;
const NANOS_PER_MS = 1e6;

/** The spans of an ExportTraceServiceRequest. Spans without valid ids are rejected, as the specification allows. */
export function spansOf(request: Message): Batch<SpanRecord> {
  const records: SpanRecord[] = [];
  let rejected = 0;
  for (const resourceSpans of messagesField(request, 'resourceSpans')) {
    const resource = resourceOf(resourceSpans);
    for (const scopeSpans of messagesField(resourceSpans, 'scopeSpans')) {
      const scope = scopeOf(scopeSpans);
      for (const span of messagesField(scopeSpans, 'spans')) {
        const record = spanOf(span, scope, resource);
        if (record === undefined) rejected += 1;
        else records.push(record);
      }
    }
  }
  return { records, rejected, reason: rejected === 0 ? '' : 'trace ids must be 16 non-zero bytes, span ids 8' };
}

function spanOf(span: Message, scope: ScopeRecord, resource: ResourceRecord): SpanRecord | undefined {
  const traceId = traceIdOf(span);
  const spanId = spanIdOf(span);
  const parentSpanId = spanIdOf(span, 'parentSpanId');
  if (!traceId || !spanId || parentSpanId === null) return undefined;
  const startTimeUnixNano = integerField(span, 'startTimeUnixNano');
  const endTimeUnixNano = integerField(span, 'endTimeUnixNano');
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: textField(span, 'name'),
    kind: enumField(span, 'kind', KINDS),
    startTimeUnixNano,
    endTimeUnixNano,
    durationMs: Number(endTimeUnixNano - startTimeUnixNano) / NANOS_PER_MS,
    attributes: attributesOf(span),
    status: statusOf(span),
    events: messagesField(span, 'events').map(eventOf),
    links: messagesField(span, 'links').map(linkOf),
    scope,
    resource,
  };
}

function statusOf(span: Message): SpanStatusRecord {
  const status = messageField(span, 'status') ?? {};
  const message = textField(status, 'message');
  return { code: enumField(status, 'code', STATUS_CODES), ...(message === '' ? {} : { message }) };
}

const eventOf = (event: Message): SpanEventRecord => ({
  name: textField(event, 'name'),
  timeUnixNano: integerField(event, 'timeUnixNano'),
  attributes: attributesOf(event),
});

const linkOf = (link: Message): SpanLinkRecord => ({
  traceId: textField(link, 'traceId').toLowerCase(),
  spanId: textField(link, 'spanId').toLowerCase(),
  attributes: attributesOf(link),
});
