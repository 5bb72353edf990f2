import type { Attributes, CapturedSpan, Value } from './captured.js';

/** A word of TraceQL such as `error` or `server`, which no text equals. */
export class Keyword {
  readonly word: string;

  constructor(word: string) {
    this.word = word;
  }
}

/** What a field of a span is: several values where the span has several events. */
export type FieldValue = Value | Keyword;

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES = ['unset', 'ok', 'error'];

/** The spans of one trace, as far as a query needs to know of the others. */
export interface TraceFacts {
  readonly root: CapturedSpan | undefined;
  readonly durationS: number;
}

const intrinsics: Readonly<Record<string, (span: CapturedSpan, trace: TraceFacts) => FieldValue>> = {
  name: (span) => span.name,
  duration: (span) => span.durationS,
  status: (span) => new Keyword(STATUSES[span.status] ?? 'unset'),
  statusMessage: (span) => span.statusMessage,
  kind: (span) => new Keyword(KINDS[span.kind] ?? 'unspecified'),
  id: (span) => span.spanId,
  parentID: (span) => span.parentSpanId,
  childCount: () => undefined,
  rootName: (_, { root }) => root?.name,
  rootServiceName: (_, { root }) => root?.resource['service.name'],
  rootService: (_, { root }) => root?.resource['service.name'],
  traceDuration: (_, { durationS }) => durationS,
};

/** The value of an intrinsic such as `duration`, `span:status`, `trace:rootService` or `event:name`. @throws Error for an unknown one */
export function intrinsicOf(field: string, span: CapturedSpan, trace: TraceFacts): FieldValue {
  const [scope, name] = field.includes(':') ? field.split(':') : ['', field];
  if (scope === 'event' && name === 'name') return span.events.map((event) => event.name);
  if (scope === 'trace' && name === 'id') return span.traceId;
  if (scope === 'trace' && name === 'duration') return trace.durationS;
  if (scope === 'instrumentation' && name === 'name') return span.scope;
  const read = scope === '' || scope === 'span' || scope === 'trace' ? intrinsics[name ?? ''] : undefined;
  if (read === undefined) throw new Error(`the evaluator does not know the intrinsic ${field}: add it to spanFields.ts`);
  return read(span, trace);
}

/** The value of an attribute in a scope; without a scope, that of the span or else of its resource. */
export function attributeOf(scope: string, key: string, span: CapturedSpan): FieldValue {
  if (scope === 'Span') return span.attributes[key];
  if (scope === 'Resource') return span.resource[key];
  if (scope === 'Event') return span.events.map(({ attributes }: { readonly attributes: Attributes }) => attributes[key]);
  if (scope === '') return span.attributes[key] ?? span.resource[key];
  throw new Error(`the evaluator does not know the scope ${scope}: add it to spanFields.ts`);
}
