import type { HistogramPoint, LogRecord, SpanRecord } from '../../../src/testing.js';

/** Complete records out of the few fields a test is about. */

const resource = { attributes: { 'service.name': 'svc', 'process.pid': 1 } };
const scope = { name: 'scope', attributes: {} };
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const EPOCH_NANOS = 1_767_225_600_000_000_000n;

export const nanosAt = (offsetMs: number): bigint => EPOCH_NANOS + BigInt(Math.round(offsetMs * 1e6));

/** A span from `startMs` to `endMs` after a fixed moment; `id` and `parent` are padded to full span ids. */
export function spanRecord(
  id: string,
  startMs: number,
  endMs: number,
  more: Partial<SpanRecord> & { readonly parent?: string } = {},
): SpanRecord {
  const { parent, ...fields } = more;
  return {
    traceId: TRACE_ID,
    spanId: id.padStart(16, '0'),
    ...(parent === undefined ? {} : { parentSpanId: parent.padStart(16, '0') }),
    name: `span ${id}`,
    kind: 'INTERNAL',
    startTimeUnixNano: nanosAt(startMs),
    endTimeUnixNano: nanosAt(endMs),
    durationMs: endMs - startMs,
    attributes: {},
    status: { code: 'UNSET' },
    events: [],
    links: [],
    scope,
    resource,
    ...fields,
  };
}

export function histogramPoint(more: Partial<HistogramPoint> = {}): HistogramPoint {
  return {
    metric: 'mcp.server.operation.duration',
    unit: 's',
    description: '',
    attributes: {},
    startTimeUnixNano: EPOCH_NANOS,
    timeUnixNano: nanosAt(1_000),
    kind: 'histogram',
    temporality: 'CUMULATIVE',
    count: 1,
    sum: 0.02,
    min: 0.02,
    max: 0.02,
    bucketCounts: [0, 1, 0],
    explicitBounds: [0.01, 0.1],
    scope,
    resource,
    ...more,
  };
}

export function logRecord(more: Partial<LogRecord> = {}): LogRecord {
  return {
    timeUnixNano: EPOCH_NANOS,
    observedTimeUnixNano: EPOCH_NANOS,
    severityNumber: 9,
    severityText: 'INFO',
    body: 'message',
    attributes: {},
    flags: 1,
    traceId: TRACE_ID,
    scope,
    resource,
    ...more,
  };
}
