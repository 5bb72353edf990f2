import type { PointFact, SpanFact } from '../facts.js';
import type { Mode, Subject } from '../subject.js';
import { requireOf } from './peerModules.js';

interface SentrySpan {
  readonly name: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id?: string;
  readonly status?: string;
  /** Of a metric. */
  readonly unit?: string;
  readonly attributes?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly links?: readonly { readonly span_id: string }[];
}

interface Payload {
  /** Of a stream of spans, which is how it sends them by default, or of metrics. */
  readonly items?: readonly SentrySpan[];
  /** Of an error. */
  readonly contexts?: { readonly trace?: { readonly trace_id: string; readonly span_id: string } };
  readonly exception?: { readonly values?: readonly { readonly type?: string }[] };
}

const DSN = 'https://key@comparison.invalid/1';

/** Its documentation, "MCP Observability": `init`, then `wrapMcpServerWithSentry`. Spans are read from what it gives its transport. */
export function openSentry({ wraps = true }: { readonly wraps?: boolean } = {}): Subject {
  const Sentry = requireOf('sentry')('@sentry/node');
  let facts: SpanFact[] = [];
  const points: PointFact[] = [];
  let errors: { readonly traceId: string; readonly spanId: string; readonly type: string }[] = [];
  const take = (type: string, { items = [], contexts, exception }: Payload): void => {
    if (type === 'trace_metric') points.push(...items.map(pointOf));
    if (type === 'span') facts.push(...items.map(factOf));
    if (type === 'event' && contexts?.trace !== undefined)
      errors.push({ traceId: contexts.trace.trace_id, spanId: contexts.trace.span_id, type: exception?.values?.[0]?.type ?? '' });
  };
  // Its own place for what was thrown: an error of the same trace and span. Shown as an event of another name, so that rows have one place
  // to look.
  const errorsOf = ({ traceId, spanId }: SpanFact): SpanFact['events'] =>
    errors
      .filter((error) => error.traceId === traceId && error.spanId === spanId)
      .map(({ type }) => ({ name: 'error event', attributes: { 'exception.type': type } }));
  const transport = (): object => ({
    send: ([, items]: [unknown, readonly [{ type: string }, Payload][]]) => {
      for (const [header, payload] of items) take(header.type, payload);
      return Promise.resolve({});
    },
    flush: () => Promise.resolve(true),
  });
  Sentry.init({ dsn: DSN, tracesSampleRate: 1, transport });
  return {
    name: 'sentry',
    roads: ['v2', 'v1'],
    contentBy: '`recordInputs`, `recordOutputs` (on by default)',
    offBy: '`enabled: false` of `init`',
    wrapServer: (server, mode) => (wraps ? Sentry.wrapMcpServerWithSentry(server, ...optionsFor(mode)) : server),
    switchOff: () => Sentry.init({ dsn: DSN, tracesSampleRate: 1, transport, enabled: false }),
    inSpan: (name, run) => Sentry.startSpan({ name }, run),
    spans: async () => {
      await Sentry.flush(2000);
      return facts.map((fact) => ({ ...fact, events: errorsOf(fact) }));
    },
    points: () => Promise.resolve(points),
    clear: () => {
      facts = [];
      errors = [];
    },
  };
}

function optionsFor(mode: Mode): object[] {
  return mode === 'content' ? [{ recordInputs: true, recordOutputs: true }] : [];
}

function pointOf({ name, unit = '', attributes }: SentrySpan): PointFact {
  return { metric: name, unit, boundaries: [], attributes: valuesOf(attributes) };
}

function valuesOf(attributes: SentrySpan['attributes'] = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value]));
}

function factOf({ name, trace_id, span_id, parent_span_id, status, attributes, links = [] }: SentrySpan): SpanFact {
  const plain = valuesOf(attributes);
  return {
    name,
    kind: typeof plain['sentry.kind'] === 'string' ? plain['sentry.kind'].toUpperCase() : 'none',
    traceId: trace_id,
    spanId: span_id,
    parentSpanId: parent_span_id,
    links: links.map((link) => link.span_id),
    attributes: plain,
    events: [],
    // Its protocol knows `ok` and `error`, nothing between.
    status: status === 'error' ? 'ERROR' : 'UNSET',
    statusMessage: typeof plain['sentry.status.message'] === 'string' ? plain['sentry.status.message'] : undefined,
  };
}
