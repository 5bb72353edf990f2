/**
 * The OTLP messages as data: field number to name and type, from opentelemetry-proto 1.x.
 * Names are the OTLP/JSON ones, so both encodings decode to the same shape. Fields not listed are skipped.
 */

/** How a scalar is encoded on the wire. `hex` is a bytes field that OTLP/JSON writes as hexadecimal (ids). */
export type ScalarType =
  | 'string'
  | 'hex'
  | 'bytes'
  | 'bool'
  | 'uint32'
  | 'sint32'
  | 'int64'
  | 'uint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double';

type MessageField = { readonly name: string; readonly message: string; readonly repeated?: true };
type ScalarField = { readonly name: string; readonly scalar: ScalarType; readonly repeated?: true };
export type Field = MessageField | ScalarField;
export type MessageTable = Readonly<Record<number, Field>>;

const one = (name: string, message: string): Field => ({ name, message });
const many = (name: string, message: string): Field => ({ name, message, repeated: true });
const value = (name: string, scalar: ScalarType): Field => ({ name, scalar });
const values = (name: string, scalar: ScalarType): Field => ({ name, scalar, repeated: true });

const attributes = many('attributes', 'KeyValue');
const schemaUrl = value('schemaUrl', 'string');
const resource = one('resource', 'Resource');
const scope = one('scope', 'Scope');
const startTime = value('startTimeUnixNano', 'fixed64');
const time = value('timeUnixNano', 'fixed64');
const exemplars = many('exemplars', 'Exemplar');
const temporality = value('aggregationTemporality', 'uint32');

/** Every message the receiver reads. */
export const MESSAGES: Readonly<Record<string, MessageTable>> = {
  TracesRequest: { 1: many('resourceSpans', 'ResourceSpans') },
  MetricsRequest: { 1: many('resourceMetrics', 'ResourceMetrics') },
  LogsRequest: { 1: many('resourceLogs', 'ResourceLogs') },

  Resource: { 1: attributes },
  Scope: { 1: value('name', 'string'), 2: value('version', 'string'), 3: attributes },
  KeyValue: { 1: value('key', 'string'), 2: one('value', 'AnyValue') },
  AnyValue: {
    1: value('stringValue', 'string'),
    2: value('boolValue', 'bool'),
    3: value('intValue', 'int64'),
    4: value('doubleValue', 'double'),
    5: one('arrayValue', 'ArrayValue'),
    6: one('kvlistValue', 'KeyValueList'),
    7: value('bytesValue', 'bytes'),
  },
  ArrayValue: { 1: many('values', 'AnyValue') },
  KeyValueList: { 1: many('values', 'KeyValue') },

  ResourceSpans: { 1: resource, 2: many('scopeSpans', 'ScopeSpans'), 3: schemaUrl },
  ScopeSpans: { 1: scope, 2: many('spans', 'Span'), 3: schemaUrl },
  Span: {
    1: value('traceId', 'hex'),
    2: value('spanId', 'hex'),
    4: value('parentSpanId', 'hex'),
    5: value('name', 'string'),
    6: value('kind', 'uint32'),
    7: startTime,
    8: value('endTimeUnixNano', 'fixed64'),
    9: attributes,
    11: many('events', 'Event'),
    13: many('links', 'Link'),
    15: one('status', 'Status'),
  },
  Event: { 1: time, 2: value('name', 'string'), 3: attributes },
  Link: { 1: value('traceId', 'hex'), 2: value('spanId', 'hex'), 4: attributes },
  Status: { 2: value('message', 'string'), 3: value('code', 'uint32') },

  ResourceMetrics: { 1: resource, 2: many('scopeMetrics', 'ScopeMetrics'), 3: schemaUrl },
  ScopeMetrics: { 1: scope, 2: many('metrics', 'Metric'), 3: schemaUrl },
  Metric: {
    1: value('name', 'string'),
    2: value('description', 'string'),
    3: value('unit', 'string'),
    5: one('gauge', 'Numbers'),
    7: one('sum', 'Numbers'),
    9: one('histogram', 'Histogram'),
    10: one('exponentialHistogram', 'ExponentialHistogram'),
    11: one('summary', 'Summary'),
  },
  Numbers: { 1: many('dataPoints', 'NumberPoint'), 2: temporality, 3: value('isMonotonic', 'bool') },
  NumberPoint: { 2: startTime, 3: time, 4: value('asDouble', 'double'), 5: exemplars, 6: value('asInt', 'sfixed64'), 7: attributes },
  Exemplar: {
    2: time,
    3: value('asDouble', 'double'),
    4: value('spanId', 'hex'),
    5: value('traceId', 'hex'),
    6: value('asInt', 'sfixed64'),
    7: many('filteredAttributes', 'KeyValue'),
  },
  Histogram: { 1: many('dataPoints', 'HistogramPoint'), 2: temporality },
  HistogramPoint: {
    2: startTime,
    3: time,
    4: value('count', 'fixed64'),
    5: value('sum', 'double'),
    6: values('bucketCounts', 'fixed64'),
    7: values('explicitBounds', 'double'),
    8: exemplars,
    9: attributes,
    11: value('min', 'double'),
    12: value('max', 'double'),
  },
  ExponentialHistogram: { 1: many('dataPoints', 'ExponentialPoint'), 2: temporality },
  ExponentialPoint: {
    1: attributes,
    2: startTime,
    3: time,
    4: value('count', 'fixed64'),
    5: value('sum', 'double'),
    6: value('scale', 'sint32'),
    7: value('zeroCount', 'fixed64'),
    8: one('positive', 'Buckets'),
    9: one('negative', 'Buckets'),
    11: exemplars,
    12: value('min', 'double'),
    13: value('max', 'double'),
  },
  Buckets: { 1: value('offset', 'sint32'), 2: values('bucketCounts', 'uint64') },
  // These are only counted, to tell the sender how many points were refused: no OpenTelemetry SDK produces summaries.
  Summary: { 1: many('dataPoints', 'SummaryPoint') },
  SummaryPoint: {},

  ResourceLogs: { 1: resource, 2: many('scopeLogs', 'ScopeLogs'), 3: schemaUrl },
  ScopeLogs: { 1: scope, 2: many('logRecords', 'LogRecord'), 3: schemaUrl },
  LogRecord: {
    1: time,
    2: value('severityNumber', 'uint32'),
    3: value('severityText', 'string'),
    5: one('body', 'AnyValue'),
    6: attributes,
    8: value('flags', 'fixed32'),
    9: value('traceId', 'hex'),
    10: value('spanId', 'hex'),
    11: value('observedTimeUnixNano', 'fixed64'),
    12: value('eventName', 'string'),
  },
};
