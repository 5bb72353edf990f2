/** Who records the points of a metric: we do, an instrumentation library that `instrument()` installs, or the job queue. */
export type MetricSource = 'handoff-otel' | 'instrumentation-runtime-node' | 'pg-boss';

/** One attribute of a metric's points. Each distinct value creates another time series, so every attribute is bounded. */
export interface MetricAttribute {
  readonly key: string;
  /** All possible values or, where they cannot be listed, a sentence that says what keeps their number small. */
  readonly values: readonly (string | number)[] | string;
}

/** One instrument. Everything that names a metric (code, docs, dashboards, rules, tests) reads it from here. */
export interface MetricDefinition {
  /** OpenTelemetry instrument name. */
  readonly name: string;
  readonly kind: 'histogram' | 'counter' | 'upDownCounter' | 'gauge';
  /** UCUM unit. */
  readonly unit: string;
  readonly description: string;
  /** Upper bounds of explicit buckets, in `unit`; histograms only. The SDK's defaults suit milliseconds, so seconds need explicit ones. */
  readonly buckets?: readonly number[];
  /** The only attributes a point may carry. */
  readonly attributes: readonly MetricAttribute[];
  readonly source: MetricSource;
}

/** One operation of a service: `name` is the span name, the log event name and `handoff.operation.name`. */
export interface OperationDefinition {
  readonly name: string;
  /** When it happens. */
  readonly description: string;
}

/** A log record that belongs to no operation. `name` is its `event.name`. */
export interface LogEventDefinition {
  readonly name: string;
  readonly level: 'info' | 'warn' | 'error' | 'by outcome';
  /** When it is written. */
  readonly description: string;
}

/** Everything that one part of the product can emit. */
export interface Domain {
  readonly title: string;
  /** What a reader must know about all of it. */
  readonly about: string;
  readonly metrics?: readonly MetricDefinition[];
  readonly operations?: readonly OperationDefinition[];
  readonly events?: readonly LogEventDefinition[];
}
