import { ValueType } from '@opentelemetry/api';
import type {
  DataPoint,
  ExponentialHistogramMetricData,
  HistogramMetricData,
  MetricData,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { isExponential, isHistogram, isSum } from '../../../sdk/dataPointTypes.js';
import type { Exemplar, PointExemplars } from '../../../exemplars/exemplarsOf.js';
import { AttributeWriter, isInt64 } from './attributes.js';
import { writeResource, writeSchemaUrl, writeScope } from './envelope.js';
import { ProtobufWriter } from './protobufWriter.js';

const MIN_BYTES = 16_384;

/**
 * Makes the function that encodes a collection as `ExportMetricsServiceRequest` (opentelemetry-proto 1.x, metrics.proto),
 * exemplars included: OpenTelemetry's codec cannot write those.
 */
export function createMetricsEncoder(): (collected: ResourceMetrics, exemplars: PointExemplars) => Uint8Array {
  const attributes = new AttributeWriter();
  let expectedBytes = MIN_BYTES;
  return (collected, exemplars) => {
    const writer = new ProtobufWriter(expectedBytes);
    new MetricsMessage(writer, attributes, exemplars).write(collected);
    const request = writer.finish();
    // The next collection is about as large as this one.
    expectedBytes = Math.max(MIN_BYTES, request.byteLength + 1024);
    return request;
  };
}

class MetricsMessage {
  readonly #writer: ProtobufWriter;
  readonly #attributes: AttributeWriter;
  readonly #exemplars: PointExemplars;

  constructor(writer: ProtobufWriter, attributes: AttributeWriter, exemplars: PointExemplars) {
    this.#writer = writer;
    this.#attributes = attributes;
    this.#exemplars = exemplars;
  }

  write({ resource, scopeMetrics }: ResourceMetrics): void {
    const writer = this.#writer;
    const resourceMetrics = writer.begin(1);
    writeResource(writer, this.#attributes, resource);
    for (const { scope, metrics } of scopeMetrics) {
      const start = writer.begin(2);
      writeScope(writer, scope);
      for (const metric of metrics) this.#metric(metric);
      writeSchemaUrl(writer, scope.schemaUrl);
      writer.end(start);
    }
    writeSchemaUrl(writer, resource.schemaUrl);
    writer.end(resourceMetrics);
  }

  #metric(metric: MetricData): void {
    const writer = this.#writer;
    const { name, description, unit } = metric.descriptor;
    const start = writer.begin(2);
    writer.text(1, name);
    if (description !== '') writer.text(2, description);
    if (unit !== '') writer.text(3, unit);
    if (isHistogram(metric)) this.#histogram(metric);
    else if (isExponential(metric)) this.#exponential(metric);
    else this.#numbers(metric);
    writer.end(start);
  }

  #numbers(metric: Exclude<MetricData, HistogramMetricData | ExponentialHistogramMetricData>): void {
    const writer = this.#writer;
    const isWhole = metric.descriptor.valueType === ValueType.INT;
    const start = writer.begin(isSum(metric) ? 7 : 5);
    for (const point of metric.dataPoints) {
      const pointStart = writer.begin(1);
      this.#times(point);
      if (isWhole && isInt64(point.value)) writer.sfixed64(6, point.value);
      else writer.double(4, point.value);
      this.#exemplarsOf(point, 5, isWhole);
      this.#attributes.write(writer, 7, point.attributes);
      writer.end(pointStart);
    }
    if (isSum(metric)) {
      this.#temporality(metric);
      if (metric.isMonotonic) writer.uint(3, 1);
    }
    writer.end(start);
  }

  #histogram(metric: HistogramMetricData): void {
    const writer = this.#writer;
    const start = writer.begin(9);
    for (const point of metric.dataPoints) {
      const { count, sum, min, max, buckets } = point.value;
      const pointStart = writer.begin(1);
      this.#times(point);
      writer.fixed64(4, count);
      this.#optional(5, sum);
      writer.packedFixed64(6, buckets.counts);
      writer.packedDouble(7, buckets.boundaries);
      this.#exemplarsOf(point, 8, metric.descriptor.valueType === ValueType.INT);
      this.#attributes.write(writer, 9, point.attributes);
      this.#optional(11, min);
      this.#optional(12, max);
      writer.end(pointStart);
    }
    this.#temporality(metric);
    writer.end(start);
  }

  #exponential(metric: ExponentialHistogramMetricData): void {
    const writer = this.#writer;
    const start = writer.begin(10);
    for (const point of metric.dataPoints) {
      const { count, sum, min, max, scale, zeroCount, positive, negative } = point.value;
      const pointStart = writer.begin(1);
      this.#attributes.write(writer, 1, point.attributes);
      this.#times(point);
      writer.fixed64(4, count);
      this.#optional(5, sum);
      if (scale !== 0) writer.sint32(6, scale);
      writer.fixed64(7, zeroCount);
      this.#buckets(8, positive);
      this.#buckets(9, negative);
      this.#exemplarsOf(point, 11, metric.descriptor.valueType === ValueType.INT);
      this.#optional(12, min);
      this.#optional(13, max);
      writer.end(pointStart);
    }
    this.#temporality(metric);
    writer.end(start);
  }

  #buckets(field: number, { offset, bucketCounts }: { readonly offset: number; readonly bucketCounts: readonly number[] }): void {
    const writer = this.#writer;
    const start = writer.begin(field);
    if (offset !== 0) writer.sint32(1, offset);
    writer.packedUint(2, bucketCounts);
    writer.end(start);
  }

  #times({ startTime, endTime }: DataPoint<unknown>): void {
    this.#writer.time(2, startTime);
    this.#writer.time(3, endTime);
  }

  #optional(field: number, value: number | undefined): void {
    if (value !== undefined) this.#writer.double(field, value);
  }

  /** OTLP numbers temporalities from 1; 0 means unspecified. */
  #temporality({ aggregationTemporality }: MetricData): void {
    this.#writer.uint(2, aggregationTemporality + 1);
  }

  #exemplarsOf(point: DataPoint<unknown>, field: number, isWhole: boolean): void {
    for (const exemplar of this.#exemplars.get(point) ?? []) this.#exemplar(exemplar, field, isWhole);
  }

  #exemplar({ value, traceId, spanId, timeMs }: Exemplar, field: number, isWhole: boolean): void {
    const writer = this.#writer;
    const start = writer.begin(field);
    writer.time(2, [Math.floor(timeMs / 1000), (timeMs % 1000) * 1e6]);
    if (isWhole && isInt64(value)) writer.sfixed64(6, value);
    else writer.double(3, value);
    if (spanId !== undefined) writer.hex(4, spanId);
    if (traceId !== undefined) writer.hex(5, traceId);
    writer.end(start);
  }
}
