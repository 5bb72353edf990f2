/**
 * `handoff-otel/testing`: a test kit that shows what your MCP server sends, without a collector.
 * Every name here is public; adding one is a deliberate decision.
 *
 * @module handoff-otel/testing
 */

// The receiver.
export { startOtlpReceiver } from './testing/otlpReceiver.js';
export type { OtlpReceiver, OtlpReceiverOptions, ReceivedTelemetry, ReceiverBehaviour, SignalCounts } from './testing/receiverTypes.js';
export { TelemetryTimeoutError } from './testing/telemetryTimeoutError.js';

// What it received.
export type {
  AttributeRecord,
  AttributeValue,
  ExponentialBuckets,
  ExponentialHistogramPoint,
  GaugePoint,
  HistogramPoint,
  LogRecord,
  MetricPoint,
  ResourceRecord,
  ScopeRecord,
  Signal,
  SpanEventRecord,
  SpanKindName,
  SpanLinkRecord,
  SpanRecord,
  SpanStatusRecord,
  SumPoint,
  TemporalityName,
} from './testing/records.js';

// Inspecting it. The `expect…` functions throw TelemetryMismatchError and need no test framework.
export { childrenOf, descendantsOf, expectOneSpan, findSpan, findSpans, traceOf } from './testing/spanAssertions.js';
export type { SpanQuery } from './testing/spanAssertions.js';
export { expectHistogramPoint, expectMetricPoint, findMetricPoints, latestPoints } from './testing/metricAssertions.js';
export type { MetricQuery } from './testing/metricAssertions.js';
export { expectLog, findLogs } from './testing/logAssertions.js';
export type { LogQuery } from './testing/logAssertions.js';
export type { AttributeExpectation, AttributeExpectations, TextExpectation } from './testing/attributeMatch.js';
export { TelemetryMismatchError } from './testing/telemetryMismatchError.js';

// A clock that moves only when told to.
export { FakeClock } from './testing/fakeClock.js';
export type { Clock } from './time/clock.js';
