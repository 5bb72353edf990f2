import type { SpanFact } from '../facts.js';
import type { Mode, Subject } from '../subject.js';
import { requireOf } from './peerModules.js';

interface SentrySpan {
  readonly description?: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id?: string;
  readonly status?: string;
  readonly data?: Record<string, unknown>;
  readonly links?: readonly { readonly span_id: string }[];
}

interface Payload {
  readonly transaction?: string;
  readonly spans?: readonly SentrySpan[];
  readonly contexts?: { readonly trace?: SentrySpan };
  readonly exception?: { readonly values?: readonly { readonly type?: string }[] };
}

const DSN = 'https://key@comparison.invalid/1';

/** Its documentation, "MCP Observability": `init`, then `wrapMcpServerWithSentry`. Spans are read from what it gives its transport. */
export function openSentry({ wraps = true }: { readonly wraps?: boolean } = {}): Subject {
  const Sentry = requireOf('sentry')('@sentry/node');
  let facts: SpanFact[] = [];
  let errors: { readonly traceId: string; readonly spanId: string; readonly type: string }[] = [];
  const take = (type: string, payload: Payload): void => {
    const trace = payload.contexts?.trace;
    if (trace === undefined) return;
    if (type === 'transaction') facts.push(...[{ ...trace, description: payload.transaction ?? '' }, ...(payload.spans ?? [])].map(factOf));
    if (type === 'event') errors.push({ traceId: trace.trace_id, spanId: trace.span_id, type: payload.exception?.values?.[0]?.type ?? '' });
  };
  const transport = (): object => ({
    send: ([, items]: [unknown, readonly [{ type: string }, Payload][]]) => {
      for (const [header, payload] of items) take(header.type, payload);
      return Promise.resolve({});
    },
    flush: () => Promise.resolve(true),
  });
  Sentry.init({ dsn: DSN, tracesSampleRate: 1, transport });
  return {
    roads: ['v2', 'v1'],
    contentBy: '`recordInputs`, `recordOutputs` (on by default)',
    offBy: '`enabled: false` of `init`',
    wrapServer: (server, mode) => (wraps ? Sentry.wrapMcpServerWithSentry(server, ...optionsFor(mode)) : server),
    switchOff: () => Sentry.init({ dsn: DSN, tracesSampleRate: 1, transport, enabled: false }),
    inSpan: (name, run) => Sentry.startSpan({ name }, run),
    spans: async () => {
      await Sentry.flush(2000);
      // Its own place for what was thrown: an error of the same trace and span. An event of ours, so that rows can look at one thing.
      return facts.map((fact) => ({ ...fact, events: errors.filter(({ traceId, spanId }) => traceId === fact.traceId && spanId === fact.spanId).map(({ type }) => ({ name: 'sentry error', attributes: { 'exception.type': type } })) }));
    },
    points: () => Promise.resolve([]),
    clear: () => {
      facts = [];
      errors = [];
    },
  };
}

function optionsFor(mode: Mode): object[] {
  return mode === 'content' ? [{ recordInputs: true, recordOutputs: true }] : [];
}

function factOf({ description, trace_id, span_id, parent_span_id, status, data = {}, links = [] }: SentrySpan): SpanFact {
  return {
    name: description ?? '',
    kind: String(data['otel.kind'] ?? 'none'),
    traceId: trace_id,
    spanId: span_id,
    parentSpanId: parent_span_id,
    links: links.map((link) => link.span_id),
    attributes: data,
    events: [],
    status: status === undefined ? 'UNSET' : status === 'ok' ? 'OK' : 'ERROR',
    statusMessage: status,
  };
}
