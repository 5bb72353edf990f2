/** A finished span, in terms that every OpenTelemetry line and Sentry share. */
export interface SpanFact {
  readonly name: string;
  readonly kind: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Span ids it links to. */
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly status: 'UNSET' | 'OK' | 'ERROR';
  readonly statusMessage?: string | undefined;
}

/** A series of an instrument. */
export interface PointFact {
  readonly metric: string;
  readonly unit: string;
  /** Bucket boundaries; empty when it is no histogram. */
  readonly boundaries: readonly number[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What the lines 1.x, 2.x and 3.x of the OpenTelemetry SDK agree upon, and where they keep the parent. */
export interface EndedSpan {
  readonly name: string;
  readonly kind: number;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  readonly parentSpanId?: string;
  readonly parentSpanContext?: { readonly spanId: string };
  readonly links: readonly { readonly context: { readonly spanId: string } }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes?: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code: number; readonly message?: string };
}

const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;

export function spanFact(span: EndedSpan): SpanFact {
  return {
    name: span.name,
    kind: KINDS[span.kind] ?? 'INTERNAL',
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? span.parentSpanId,
    links: span.links.map(({ context }) => context.spanId),
    attributes: { ...span.attributes },
    events: span.events.map(({ name, attributes }) => ({ name, attributes: { ...attributes } })),
    status: STATUSES[span.status.code] ?? 'UNSET',
    statusMessage: span.status.message,
  };
}

interface CollectedMetric {
  readonly descriptor: { readonly name: string; readonly unit: string };
  readonly dataPoints: readonly { readonly attributes: Readonly<Record<string, unknown>>; readonly value: unknown }[];
}

/** Points of what a metric reader or exporter of any line was given. */
export function pointFacts(scopes: readonly { readonly metrics: readonly CollectedMetric[] }[]): PointFact[] {
  return scopes
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => ({
        metric: descriptor.name,
        unit: descriptor.unit,
        boundaries: boundariesOf(value),
        attributes: { ...attributes },
      })),
    );
}

function boundariesOf(value: unknown): readonly number[] {
  return typeof value === 'object' && value !== null && 'buckets' in value ? (value.buckets as { boundaries: number[] }).boundaries : [];
}
