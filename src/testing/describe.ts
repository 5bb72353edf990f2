import { inspect } from 'node:util';
import type { AttributeRecord, LogRecord, MetricPoint, SpanRecord } from './records.js';
import type { ReceivedTelemetry } from './receiverTypes.js';

/** Lists longer than this are truncated: error messages are read by people. */
const MAX_LINES = 12;

const show = (value: unknown): string => inspect(value, { depth: 4, breakLength: Infinity, maxStringLength: 120 });

const showAttributes = (attributes: AttributeRecord): string => (Object.keys(attributes).length === 0 ? '' : ` ${show(attributes)}`);

export const describeSpan = (span: SpanRecord): string =>
  `${span.kind} ${show(span.name)} ${span.status.code}${showAttributes(span.attributes)}`;

export function describeMetricPoint(point: MetricPoint): string {
  const content = 'count' in point ? `count ${String(point.count)}` : `value ${String(point.value)}`;
  return `${point.kind} ${point.metric} (${point.unit}) ${content}${showAttributes(point.attributes)}`;
}

export function describeLog(log: LogRecord): string {
  const event = log.eventName === undefined ? '' : ` [${log.eventName}]`;
  const trace = log.traceId === undefined ? '' : ` trace ${log.traceId}`;
  return `${log.severityText}${event} ${show(log.body)}${trace}${showAttributes(log.attributes)}`;
}

/** One indented line per record, the rest as a count. */
export function describeList<T>(records: readonly T[], describe: (record: T) => string): string {
  if (records.length === 0) return '  (none)';
  const lines = records.slice(0, MAX_LINES).map((record) => `  ${describe(record)}`);
  return [...lines, ...(records.length > MAX_LINES ? [`  … and ${String(records.length - MAX_LINES)} more`] : [])].join('\n');
}

/** What a receiver holds, in a few lines. */
export function describeReceived(received: ReceivedTelemetry): string {
  const requests = received.requests();
  const refused = requests.traces.refused + requests.metrics.refused + requests.logs.refused;
  const metrics = [...new Set(received.metricPoints().map((point) => point.metric))].sort();
  return [
    ` ${String(requests.traces.requests + requests.metrics.requests + requests.logs.requests)} requests, ${String(refused)} refused`,
    ` spans: ${String(received.spans().length)}`,
    describeList(received.spans(), (span) => `${span.kind} ${show(span.name)}`),
    ` metrics: ${metrics.length === 0 ? '(none)' : metrics.join(', ')}`,
    ` logs: ${String(received.logRecords().length)}`,
    describeList(received.logRecords(), (log) => `${log.severityText} ${show(log.body)}`),
  ].join('\n');
}
