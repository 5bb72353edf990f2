import { readCaptured } from '../queries/captured.js';
import type { Attributes, Captured, CapturedSpan } from '../queries/captured.js';
import { searchLogs } from '../queries/logSearch.js';
import { searchTraces } from '../queries/traceSearch.js';
import type { Asked, FakeAnswer } from './fakeBackEnd.js';
import { isMetricsQuery } from './tempoApi.js';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/** Everything that is complete; the last line of a file that is being written may not be. */
function readNow(dir: string): Captured {
  try {
    return readCaptured(dir);
  } catch (error) {
    if (error instanceof SyntaxError) return { spans: [], logs: [] };
    throw error;
  }
}

/** Answers as Tempo documents it, from what the collector wrote into a folder. */
export function tempoAnswer(dir: string, { path, query }: Asked): FakeAnswer {
  const { spans } = readNow(dir);
  if (path === '/api/status/buildinfo') return { body: { version: 'stand-in' } };
  if (path.startsWith('/api/v2/traces/')) {
    const members = spans.filter(({ traceId }) => traceId === path.split('/').at(-1));
    return members.length === 0
      ? { status: 404, body: 'trace not found' }
      : { body: { trace: { resourceSpans: members.map(resourceSpans) } } };
  }
  const q = query.get('q') ?? '';
  const found = searchTraces(q, spans).spans;
  if (path === '/api/metrics/query_range' && isMetricsQuery(q)) {
    return { body: { series: found.length === 0 ? [] : [{ labels: [], samples: [{ timestampMs: '1', value: found.length }] }] } };
  }
  if (path !== '/api/search' || isMetricsQuery(q)) return { status: 400, body: `no such path, or not for this query: ${path}` };
  // As Tempo does it, without leading zeros.
  const ids = [...new Set(found.map(({ traceId }) => traceId.replace(/^0+/, '')))];
  return { body: { traces: ids.slice(0, Number(query.get('limit') ?? 20)).map((traceID) => ({ traceID })) } };
}

function resourceSpans(span: CapturedSpan): object {
  const bytes = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
  const startNs = BigInt(Math.round(span.startS * 1000)) * 1_000_000n;
  const record = {
    traceId: bytes(span.traceId),
    spanId: bytes(span.spanId),
    ...(span.parentSpanId === '' ? {} : { parentSpanId: bytes(span.parentSpanId) }),
    name: span.name,
    kind: `SPAN_KIND_${KINDS[span.kind] ?? 'UNSPECIFIED'}`,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + BigInt(Math.round(span.durationS * 1e9))),
    attributes: keyValues(span.attributes),
  };
  return { resource: { attributes: keyValues(span.resource) }, scopeSpans: [{ scope: { name: span.scope }, spans: [record] }] };
}

function keyValues(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { doubleValue: value } : { stringValue: String(value) },
  }));
}

/** Answers as Loki documents it, from what the collector wrote into a folder. */
export function lokiAnswer(dir: string, { path, query }: Asked): FakeAnswer {
  const { logs } = readNow(dir);
  if (path === '/loki/api/v1/status/buildinfo') return { body: { version: 'stand-in' } };
  const text = query.get('query') ?? '';
  const { entries, faults } = searchLogs(text, logs);
  if (path === '/loki/api/v1/labels') {
    return { body: { status: 'success', data: [...new Set(entries.flatMap(({ indexLabels }) => [...indexLabels.keys()]))] } };
  }
  if (!text.trimStart().startsWith('{')) {
    const result = faults.length > 0 || entries.length === 0 ? [] : [{ metric: {}, values: [[1, String(entries.length)]] }];
    return { body: { status: 'success', data: { resultType: 'matrix', result } } };
  }
  const result = entries.map(({ line, labels }) => ({ stream: Object.fromEntries(labels), values: [['1', line]] }));
  return { body: { status: 'success', data: { resultType: 'streams', result } } };
}
