/**
 * What the receiver keeps of OTLP data: plain objects, the same whether they came as JSON or protobuf.
 * Names follow the OTLP protocol; times stay `bigint` nanoseconds because a `number` loses the last three digits.
 */

/** An attribute or log body. Integers beyond 2^53 are `bigint`; an empty OTLP value is `null`. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key. */
export type AttributeRecord = Readonly<Record<string, AttributeValue>>;

/** The three OTLP signals, as their URL paths name them. */
export type Signal = 'traces' | 'metrics' | 'logs';

/** The sender: `service.name`, `process.pid` and whatever else it says about itself. */
export interface ResourceRecord {
  readonly attributes: AttributeRecord;
  readonly schemaUrl?: string;
}

/** The library that produced the data. */
export interface ScopeRecord {
  readonly name: string;
  readonly version?: string;
  readonly attributes: AttributeRecord;
}

/** OTLP span kinds without their `SPAN_KIND_` prefix. */
export type SpanKindName = 'UNSPECIFIED' | 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';

/** OTLP status codes without their `STATUS_CODE_` prefix; `message` is absent when empty. */
export interface SpanStatusRecord {
  readonly code: 'UNSET' | 'OK' | 'ERROR';
  readonly message?: string;
}

/** Something that happened at one moment during a span, such as an exception. */
export interface SpanEventRecord {
  readonly name: string;
  readonly timeUnixNano: bigint;
  readonly attributes: AttributeRecord;
}

/** A pointer to a span that is related but not the parent. */
export interface SpanLinkRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: AttributeRecord;
}

/** One finished span. Ids are lower-case hex (32 and 16 characters); a root span has no `parentSpanId`. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  /** `end - start`; negative only if the sender's clock went backwards. */
  readonly durationMs: number;
  readonly attributes: AttributeRecord;
  readonly status: SpanStatusRecord;
  readonly events: readonly SpanEventRecord[];
  readonly links: readonly SpanLinkRecord[];
  readonly scope: ScopeRecord;
  readonly resource: ResourceRecord;
}

/** Whether a point counts since the process started or since the previous point. */
export type TemporalityName = 'UNSPECIFIED' | 'DELTA' | 'CUMULATIVE';

/** One measurement that a data point counted, and the span it was made in. */
export interface ExemplarRecord {
  readonly value: number;
  readonly timeUnixNano: bigint;
  readonly traceId?: string;
  readonly spanId?: string;
  /** Attributes that a view removed from the point. */
  readonly filteredAttributes: AttributeRecord;
}

interface MetricPointBase {
  /** Instrument name, such as `mcp.server.operation.duration`. */
  readonly metric: string;
  readonly unit: string;
  readonly description: string;
  readonly attributes: AttributeRecord;
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  /** Absent when none arrived. */
  readonly exemplars?: readonly ExemplarRecord[];
  readonly scope: ScopeRecord;
  readonly resource: ResourceRecord;
}

/** A counter or up-down counter. */
export interface SumPoint extends MetricPointBase {
  readonly kind: 'sum';
  readonly temporality: TemporalityName;
  readonly monotonic: boolean;
  readonly value: number;
}

/** A value that was read, not added up. */
export interface GaugePoint extends MetricPointBase {
  readonly kind: 'gauge';
  readonly value: number;
}

interface DistributionBase extends MetricPointBase {
  readonly temporality: TemporalityName;
  readonly count: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Bucket `i` counts values in `(explicitBounds[i-1], explicitBounds[i]]`; there is one bucket more than bounds. */
export interface HistogramPoint extends DistributionBase {
  readonly kind: 'histogram';
  readonly bucketCounts: readonly number[];
  readonly explicitBounds: readonly number[];
}

/** Buckets of one sign: entry `i` counts values in `(base^(offset+i), base^(offset+i+1)]`. */
export interface ExponentialBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

/** Base of the buckets is `2^(2^-scale)`. */
export interface ExponentialHistogramPoint extends DistributionBase {
  readonly kind: 'exponentialHistogram';
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
}

/** One exported data point; narrow by `kind`. */
export type MetricPoint = SumPoint | GaugePoint | HistogramPoint | ExponentialHistogramPoint;

/** One log record. `traceId` and `spanId` are absent when the record was made outside a span. */
export interface LogRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal; 0 unknown. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AttributeValue;
  readonly attributes: AttributeRecord;
  readonly eventName?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly flags: number;
  readonly scope: ScopeRecord;
  readonly resource: ResourceRecord;
}
