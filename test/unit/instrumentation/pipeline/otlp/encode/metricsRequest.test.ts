import { ValueType } from '@opentelemetry/api';
import type { HrTime } from '@opentelemetry/api';
import type { DataPoint, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../../../../../src/instrumentation/sdk/dataPointTypes.js';
import type { Exemplar, PointExemplars } from '../../../../../../src/instrumentation/exemplars/exemplarsOf.js';
import { createMetricsEncoder } from '../../../../../../src/instrumentation/pipeline/otlp/encode/metricsRequest.js';
import { requestJson } from '../../../../../../src/instrumentation/pipeline/otlp/encode/requestJson.js';
import { loadSdk } from '../../../../../../src/instrumentation/sdk/sdkModules.js';
import { decodeProtobuf } from '../../../../../../src/testing/otlp/decodeProtobuf.js';
import { metricPointsOf } from '../../../../../../src/testing/otlp/metrics.js';
import { jsonTree } from './jsonTree.js';
import { metricsRequest, wireTree } from './wireTree.js';

interface Codec {
  serializeRequest(collected: ResourceMetrics): Uint8Array;
}

// OpenTelemetry's own codec says what is right.
const codecs = loadSdk().load('@opentelemetry/otlp-transformer') as { ProtobufMetricsSerializer: Codec; JsonMetricsSerializer: Codec };
const { metrics, resources } = loadSdk();
const { AggregationTemporality, DataPointType } = metrics;
const resource = resources.resourceFromAttributes({ 'service.name': 'ümlaut', 'process.pid': 4242 }, { schemaUrl: 'https://schema/1' });
const none: PointExemplars = new Map();

const text = fc.oneof(fc.string(), fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(5000)));
const double = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 1e300, -1e-300, Infinity, Number.NaN));
const whole = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(0, -1, 2 ** 53, -(2 ** 53)));
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 127, 128, 2 ** 32 - 1, 2 ** 32, 2 ** 33 + 5, Number.MAX_SAFE_INTEGER));
const time = fc.tuple(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 })) as fc.Arbitrary<HrTime>;
const attributes = fc.dictionary(
  fc.constantFrom('a', 'error.type', 'ключ'),
  fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 })),
);
const optional = fc.option(double, { nil: undefined });
const buckets = fc.record({ offset: fc.integer({ min: -2000, max: 2000 }), bucketCounts: fc.array(count, { maxLength: 200 }) });

const points = <T>(value: fc.Arbitrary<T>) => fc.array(fc.record({ startTime: time, endTime: time, attributes, value }), { maxLength: 4 });
const numberOf = { [ValueType.INT]: whole, [ValueType.DOUBLE]: double };
const valueType = fc.constantFrom(ValueType.INT, ValueType.DOUBLE);
const common = (kind: ValueType) => ({
  descriptor: fc.record({ name: text, description: text, unit: fc.constantFrom('', 's', 'By'), valueType: fc.constant(kind) }),
  aggregationTemporality: fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE),
});
const histogram = fc.record({
  buckets: fc.record({ boundaries: fc.array(double, { maxLength: 30 }), counts: fc.array(count, { maxLength: 31 }) }),
  count,
  sum: optional,
  min: optional,
  max: optional,
});
const exponential = fc.record({
  scale: fc.integer({ min: -10, max: 20 }),
  zeroCount: count,
  positive: buckets,
  negative: buckets,
  count,
  sum: optional,
  min: optional,
  max: optional,
});
const metric = valueType.chain((kind) =>
  fc.oneof(
    fc.record({
      ...common(kind),
      dataPointType: fc.constant(DataPointType.SUM),
      isMonotonic: fc.boolean(),
      dataPoints: points(numberOf[kind]),
    }),
    fc.record({ ...common(kind), dataPointType: fc.constant(DataPointType.GAUGE), dataPoints: points(numberOf[kind]) }),
    fc.record({ ...common(kind), dataPointType: fc.constant(DataPointType.HISTOGRAM), dataPoints: points(histogram) }),
    fc.record({ ...common(kind), dataPointType: fc.constant(DataPointType.EXPONENTIAL_HISTOGRAM), dataPoints: points(exponential) }),
  ),
) as fc.Arbitrary<MetricData>;
const collected = fc
  .array(
    fc.record({
      scope: fc.constantFrom({ name: 'one', version: '1.0.0' }, { name: 'two', schemaUrl: 'https://schema/2' }, { name: '' }),
      metrics: fc.array(metric, { maxLength: 4 }),
    }),
    { maxLength: 3 },
  )
  .map((scopeMetrics): ResourceMetrics => ({ resource, scopeMetrics }));

it("metrics are encoded as OpenTelemetry's codec encodes them", () => {
  const encode = createMetricsEncoder();
  fc.assert(
    fc.property(collected, (one) => {
      expect(wireTree(encode(one, none), metricsRequest)).toEqual(
        wireTree(codecs.ProtobufMetricsSerializer.serializeRequest(one), metricsRequest),
      );
    }),
    { numRuns: 300 },
  );
});

it("and as JSON they say what OpenTelemetry's codec says", () => {
  const encode = createMetricsEncoder();
  fc.assert(
    fc.property(collected, (one) => {
      expect(jsonTree(requestJson(encode(one, none), 'metrics'))).toEqual(jsonTree(codecs.JsonMetricsSerializer.serializeRequest(one)));
    }),
    { numRuns: 300 },
  );
});

it('whole numbers that an integer of 64 bits cannot hold are sent as doubles, not as other numbers', () => {
  const at: HrTime = [1_700_000_000, 0];
  const values = [2 ** 63, -(2 ** 64), 1e21, Infinity, Number.NaN, 2 ** 62];
  const dataPoints = values.map((value) => ({ startTime: at, endTime: at, attributes: {}, value }));
  const descriptor = { name: 'whole', description: '', unit: '', valueType: ValueType.INT };
  const gauge = {
    descriptor,
    dataPointType: DataPointType.GAUGE,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints,
  } as unknown as MetricData;
  const request = createMetricsEncoder()({ resource, scopeMetrics: [{ scope: { name: 'one' }, metrics: [gauge] }] }, none);
  const { records } = metricPointsOf(decodeProtobuf('MetricsRequest', request));
  expect(records.map((record) => ('value' in record ? record.value : undefined))).toEqual(values);
});

describe('exemplars', () => {
  const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  const exemplars: readonly Exemplar[] = [
    { value: 3, ...ids, timeMs: 1_700_000_000_123 },
    { value: 7, traceId: undefined, spanId: undefined, timeMs: 1_700_000_000_999 },
  ];
  const everyPoint = (one: ResourceMetrics): PointExemplars =>
    new Map(
      one.scopeMetrics.flatMap(({ metrics: all }) =>
        all.flatMap((each) => pointsOf(each).map((point): [DataPoint<unknown>, readonly Exemplar[]] => [point, exemplars])),
      ),
    );
  const expected = [
    { value: 3, ...ids, timeUnixNano: 1_700_000_000_123_000_000n, filteredAttributes: {} },
    { value: 7, timeUnixNano: 1_700_000_000_999_000_000n, filteredAttributes: {} },
  ];

  it('go out with every kind of point as protobuf, and take nothing else away', () => {
    const encode = createMetricsEncoder();
    fc.assert(
      fc.property(collected, (one) => {
        const without = metricPointsOf(decodeProtobuf('MetricsRequest', encode(one, none))).records;
        const { records } = metricPointsOf(decodeProtobuf('MetricsRequest', encode(one, everyPoint(one))));
        expect(records).toEqual(without.map((point) => ({ ...point, exemplars: expected })));
      }),
    );
  });

  it('and as JSON', () => {
    const encode = createMetricsEncoder();
    const expectedJson = [
      { timeUnixNano: '1700000000123000000', value: 3, ...ids },
      { timeUnixNano: '1700000000999000000', value: 7 },
    ];
    fc.assert(
      fc.property(collected, (one) => {
        const plain = requestJson(encode(one, none), 'metrics');
        let found = 0;
        const without: unknown = JSON.parse(
          Buffer.from(requestJson(encode(one, everyPoint(one)), 'metrics')).toString(),
          (key, value: unknown) => {
            if (key !== 'exemplars') return value;
            found += 1;
            expect(
              (value as Record<string, unknown>[]).map(({ asInt, asDouble, ...rest }) => ({ ...rest, value: Number(asInt ?? asDouble) })),
            ).toEqual(expectedJson);
            return undefined;
          },
        );
        expect(without).toEqual(JSON.parse(Buffer.from(plain).toString()));
        expect(found).toBe(everyPoint(one).size);
      }),
    );
  });
});
