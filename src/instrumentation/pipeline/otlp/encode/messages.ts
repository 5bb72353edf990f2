/** How a value is encoded on the wire, where its name does not say it: `hex` is bytes that OTLP/JSON writes as hexadecimal (ids). */
export type Scalar =
  | 'text'
  | 'hex'
  | 'base64'
  | 'bool'
  | 'uint32'
  | 'sint32'
  | 'int64'
  | 'uint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double';

/** The name in OTLP/JSON, and the content: a scalar or another message. */
export interface Field {
  readonly name: string;
  readonly scalar?: Scalar;
  readonly message?: string;
  readonly isRepeated: boolean;
}

const one = (name: string, message: string): Field => ({ name, message, isRepeated: false });
const many = (name: string, message: string): Field => ({ name, message, isRepeated: true });
const value = (name: string, scalar: Scalar): Field => ({ name, scalar, isRepeated: false });
const packed = (name: string, scalar: Scalar): Field => ({ name, scalar, isRepeated: true });

const attributes = many('attributes', 'KeyValue');
const dropped = value('droppedAttributesCount', 'uint32');
const resource = one('resource', 'Resource');
const scope = one('scope', 'Scope');
const schemaUrl = value('schemaUrl', 'text');
const startTime = value('startTimeUnixNano', 'fixed64');
const time = value('timeUnixNano', 'fixed64');
const exemplars = many('exemplars', 'Exemplar');
const temporality = value('aggregationTemporality', 'uint32');
const [min, max, sum] = [value('min', 'double'), value('max', 'double'), value('sum', 'double')];

/** What our encoders write, by field number: the requests of opentelemetry-proto 1.x. */
export const MESSAGES: Readonly<Record<string, Readonly<Record<number, Field>>>> = {
  traces: { 1: many('resourceSpans', 'ResourceSpans') },
  metrics: { 1: many('resourceMetrics', 'ResourceMetrics') },
  logs: { 1: many('resourceLogs', 'ResourceLogs') },

  Resource: { 1: attributes },
  Scope: { 1: value('name', 'text'), 2: value('version', 'text') },
  KeyValue: { 1: value('key', 'text'), 2: one('value', 'AnyValue') },
  AnyValue: {
    1: value('stringValue', 'text'),
    2: value('boolValue', 'bool'),
    3: value('intValue', 'int64'),
    4: value('doubleValue', 'double'),
    5: one('arrayValue', 'ArrayValue'),
    6: one('kvlistValue', 'KeyValueList'),
    7: value('bytesValue', 'base64'),
  },
  ArrayValue: { 1: many('values', 'AnyValue') },
  KeyValueList: { 1: many('values', 'KeyValue') },

  ResourceSpans: { 1: resource, 2: many('scopeSpans', 'ScopeSpans'), 3: schemaUrl },
  ScopeSpans: { 1: scope, 2: many('spans', 'Span'), 3: schemaUrl },
  Span: {
    1: value('traceId', 'hex'),
    2: value('spanId', 'hex'),
    3: value('traceState', 'text'),
    4: value('parentSpanId', 'hex'),
    5: value('name', 'text'),
    6: value('kind', 'uint32'),
    7: startTime,
    8: value('endTimeUnixNano', 'fixed64'),
    9: attributes,
    10: dropped,
    11: many('events', 'Event'),
    12: value('droppedEventsCount', 'uint32'),
    13: many('links', 'Link'),
    14: value('droppedLinksCount', 'uint32'),
    15: one('status', 'Status'),
    16: value('flags', 'fixed32'),
  },
  Event: { 1: time, 2: value('name', 'text'), 3: attributes, 4: dropped },
  Link: {
    1: value('traceId', 'hex'),
    2: value('spanId', 'hex'),
    3: value('traceState', 'text'),
    4: attributes,
    5: dropped,
    6: value('flags', 'fixed32'),
  },
  Status: { 2: value('message', 'text'), 3: value('code', 'uint32') },

  ResourceMetrics: { 1: resource, 2: many('scopeMetrics', 'ScopeMetrics'), 3: schemaUrl },
  ScopeMetrics: { 1: scope, 2: many('metrics', 'Metric'), 3: schemaUrl },
  Metric: {
    1: value('name', 'text'),
    2: value('description', 'text'),
    3: value('unit', 'text'),
    5: one('gauge', 'Numbers'),
    7: one('sum', 'Numbers'),
    9: one('histogram', 'Histogram'),
    10: one('exponentialHistogram', 'ExponentialHistogram'),
  },
  Numbers: { 1: many('dataPoints', 'NumberPoint'), 2: temporality, 3: value('isMonotonic', 'bool') },
  NumberPoint: { 2: startTime, 3: time, 4: value('asDouble', 'double'), 5: exemplars, 6: value('asInt', 'sfixed64'), 7: attributes },
  Exemplar: {
    2: time,
    3: value('asDouble', 'double'),
    4: value('spanId', 'hex'),
    5: value('traceId', 'hex'),
    6: value('asInt', 'sfixed64'),
  },
  Histogram: { 1: many('dataPoints', 'HistogramPoint'), 2: temporality },
  HistogramPoint: {
    2: startTime,
    3: time,
    4: value('count', 'fixed64'),
    5: sum,
    6: packed('bucketCounts', 'fixed64'),
    7: packed('explicitBounds', 'double'),
    8: exemplars,
    9: attributes,
    11: min,
    12: max,
  },
  ExponentialHistogram: { 1: many('dataPoints', 'ExponentialPoint'), 2: temporality },
  ExponentialPoint: {
    1: attributes,
    2: startTime,
    3: time,
    4: value('count', 'fixed64'),
    5: sum,
    6: value('scale', 'sint32'),
    7: value('zeroCount', 'fixed64'),
    8: one('positive', 'Buckets'),
    9: one('negative', 'Buckets'),
    11: exemplars,
    12: min,
    13: max,
  },
  Buckets: { 1: value('offset', 'sint32'), 2: packed('bucketCounts', 'uint64') },

  ResourceLogs: { 1: resource, 2: many('scopeLogs', 'ScopeLogs'), 3: schemaUrl },
  ScopeLogs: { 1: scope, 2: many('logRecords', 'LogRecord'), 3: schemaUrl },
  LogRecord: {
    1: time,
    2: value('severityNumber', 'uint32'),
    3: value('severityText', 'text'),
    5: one('body', 'AnyValue'),
    6: attributes,
    7: dropped,
    8: value('flags', 'fixed32'),
    9: value('traceId', 'hex'),
    10: value('spanId', 'hex'),
    11: value('observedTimeUnixNano', 'fixed64'),
    12: value('eventName', 'text'),
  },
};
