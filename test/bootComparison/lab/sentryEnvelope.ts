import type { AttributeValue } from '../../../src/testing/records.js';
import type { LogSeen, PointSeen, SpanSeen } from './collector.js';

interface Item {
  readonly name?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly parent_span_id?: string;
  readonly status?: string;
  readonly body?: string;
  readonly type?: string;
  readonly value?: number;
  readonly attributes?: Readonly<Record<string, { readonly value: AttributeValue }>>;
}

interface Payload {
  readonly items?: readonly Item[];
  readonly exception?: { readonly values?: readonly { readonly type?: string; readonly value?: string }[] };
  readonly contexts?: { readonly trace?: { readonly trace_id: string; readonly span_id: string } };
}

export interface Envelopes {
  readonly spans: SpanSeen[];
  readonly logs: LogSeen[];
  readonly points: PointSeen[];
}

export const emptyEnvelopes = (): Envelopes => ({ spans: [], logs: [], points: [] });

const NO_RESOURCE = { attributes: {} };

/** Lines of JSON, in pairs of item header and item. */
export function readEnvelope(text: string, into: Envelopes): void {
  const lines = text.split('\n').slice(1);
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const { type } = JSON.parse(lines[at] || '{}') as { type?: string };
    const payload = JSON.parse(lines[at + 1] || '{}') as Payload;
    const items = payload.items ?? [];
    if (type === 'span') into.spans.push(...items.map(spanOf));
    if (type === 'log')
      into.logs.push(
        ...items.map(({ body, trace_id, attributes }) => ({
          body,
          attributes: valuesOf(attributes),
          ...(trace_id === undefined ? {} : { traceId: trace_id }),
        })),
      );
    if (type === 'trace_metric') into.points.push(...items.map(pointOf));
  }
}

function spanOf({ name = '', trace_id = '', span_id = '', parent_span_id, status, attributes }: Item): SpanSeen {
  return {
    name,
    traceId: trace_id,
    spanId: span_id,
    attributes: valuesOf(attributes),
    events: [],
    resource: NO_RESOURCE,
    status: { code: status === 'error' ? 'ERROR' : 'UNSET' },
    ...(parent_span_id === undefined ? {} : { parentSpanId: parent_span_id }),
  };
}

function pointOf({ name = '', type = '', value, attributes }: Item): PointSeen {
  return {
    metric: name,
    kind: type,
    attributes: valuesOf(attributes),
    timeUnixNano: 0n,
    resource: NO_RESOURCE,
    ...(value === undefined ? {} : { value }),
  };
}

function valuesOf(attributes: Item['attributes'] = {}): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value]));
}
