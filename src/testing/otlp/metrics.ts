import type { ExemplarRecord, ExponentialBuckets, MetricPoint, ResourceRecord, ScopeRecord } from '../records.js';
import { attributesOf, resourceOf, scopeOf } from './attributes.js';
import type { Batch } from './batch.js';
import {
  booleanField,
  enumField,
  integerField,
  listField,
  messageField,
  messagesField,
  numberField,
  optionalNumberField,
  textField,
  toNumber,
  type Message,
} from './fields.js';

const TEMPORALITIES = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'] as const;

interface Origin {
  readonly metric: string;
  readonly unit: string;
  readonly description: string;
  readonly scope: ScopeRecord;
  readonly resource: ResourceRecord;
}

/** The data points of an ExportMetricsServiceRequest. Summary points are rejected: the kit has no shape for them. */
export function metricPointsOf(request: Message): Batch<MetricPoint> {
  const records: MetricPoint[] = [];
  let rejected = 0;
  for (const resourceMetrics of messagesField(request, 'resourceMetrics')) {
    const resource = resourceOf(resourceMetrics);
    for (const scopeMetrics of messagesField(resourceMetrics, 'scopeMetrics')) {
      const scope = scopeOf(scopeMetrics);
      for (const metric of messagesField(scopeMetrics, 'metrics')) {
        const origin = {
          metric: textField(metric, 'name'),
          unit: textField(metric, 'unit'),
          description: textField(metric, 'description'),
          scope,
          resource,
        };
        records.push(...pointsOf(metric, origin));
        rejected += messagesField(messageField(metric, 'summary') ?? {}, 'dataPoints').length;
      }
    }
  }
  return { records, rejected, reason: rejected === 0 ? '' : 'summary points are not kept' };
}

function pointsOf(metric: Message, origin: Origin): MetricPoint[] {
  const sum = messageField(metric, 'sum');
  if (sum !== undefined) {
    const temporality = temporalityOf(sum);
    const monotonic = booleanField(sum, 'isMonotonic');
    return messagesField(sum, 'dataPoints').map((point) => ({
      ...baseOf(point, origin),
      kind: 'sum',
      temporality,
      monotonic,
      value: valueOf(point),
    }));
  }
  const gauge = messageField(metric, 'gauge');
  if (gauge !== undefined)
    return messagesField(gauge, 'dataPoints').map((point) => ({ ...baseOf(point, origin), kind: 'gauge', value: valueOf(point) }));
  const histogram = messageField(metric, 'histogram');
  if (histogram !== undefined) {
    return messagesField(histogram, 'dataPoints').map((point) => ({
      ...baseOf(point, origin),
      ...distributionOf(histogram, point),
      kind: 'histogram',
      bucketCounts: numbersOf(point, 'bucketCounts'),
      explicitBounds: numbersOf(point, 'explicitBounds'),
    }));
  }
  const exponential = messageField(metric, 'exponentialHistogram');
  if (exponential === undefined) return [];
  return messagesField(exponential, 'dataPoints').map((point) => ({
    ...baseOf(point, origin),
    ...distributionOf(exponential, point),
    kind: 'exponentialHistogram',
    scale: numberField(point, 'scale'),
    zeroCount: numberField(point, 'zeroCount'),
    positive: bucketsOf(messageField(point, 'positive')),
    negative: bucketsOf(messageField(point, 'negative')),
  }));
}

const baseOf = (point: Message, origin: Origin) => ({
  ...origin,
  attributes: attributesOf(point),
  startTimeUnixNano: integerField(point, 'startTimeUnixNano'),
  timeUnixNano: integerField(point, 'timeUnixNano'),
  ...exemplarsOf(point),
});

function exemplarsOf(point: Message): { readonly exemplars?: readonly ExemplarRecord[] } {
  const exemplars = messagesField(point, 'exemplars').map((exemplar) => {
    const [traceId, spanId] = [textField(exemplar, 'traceId'), textField(exemplar, 'spanId')];
    return {
      value: valueOf(exemplar),
      timeUnixNano: integerField(exemplar, 'timeUnixNano'),
      filteredAttributes: attributesOf({ attributes: exemplar['filteredAttributes'] }),
      ...(traceId === '' ? {} : { traceId }),
      ...(spanId === '' ? {} : { spanId }),
    };
  });
  return exemplars.length === 0 ? {} : { exemplars };
}

const temporalityOf = (data: Message) => enumField(data, 'aggregationTemporality', TEMPORALITIES);

/** Integer or double on the wire; integers beyond 2^53 are rounded. */
const valueOf = (point: Message): number => optionalNumberField(point, 'asInt') ?? numberField(point, 'asDouble');

function distributionOf(data: Message, point: Message) {
  const sum = optionalNumberField(point, 'sum');
  const min = optionalNumberField(point, 'min');
  const max = optionalNumberField(point, 'max');
  return {
    temporality: temporalityOf(data),
    count: numberField(point, 'count'),
    ...(sum === undefined ? {} : { sum }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

const numbersOf = (message: Message, name: string): number[] => listField(message, name).map((entry) => toNumber(entry, name));

const bucketsOf = (buckets: Message | undefined): ExponentialBuckets =>
  buckets === undefined
    ? { offset: 0, bucketCounts: [] }
    : { offset: numberField(buckets, 'offset'), bucketCounts: numbersOf(buckets, 'bucketCounts') };
