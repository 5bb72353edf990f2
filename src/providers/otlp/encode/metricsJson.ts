import { ValueType } from '@opentelemetry/api';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Exemplar, PointExemplars } from '../../exemplars/exemplarsOf.js';
import { pointsOf } from '../../dataPointTypes.js';

/** As far as exemplars go: each metric has one of the four kinds of data. */
interface MetricJson {
  readonly [kind: string]: { readonly dataPoints?: Record<string, unknown>[] } | undefined;
}

interface RequestJson {
  readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly MetricJson[] }[] }[];
}

const KINDS = ['histogram', 'sum', 'gauge', 'exponentialHistogram'] as const;

/**
 * Puts exemplars into what OpenTelemetry's codec made of a collection as OTLP/JSON. It keeps scopes, metrics and points
 * in the order they were collected in, which is how each finds its own.
 */
export function withExemplars(request: Uint8Array, collected: ResourceMetrics, exemplars: PointExemplars): Uint8Array {
  if (exemplars.size === 0) return request;
  const message = JSON.parse(Buffer.from(request).toString('utf8')) as RequestJson;
  for (const [scopeIndex, { metrics }] of collected.scopeMetrics.entries()) {
    for (const [index, metric] of metrics.entries()) {
      const written = message.resourceMetrics[0]?.scopeMetrics[scopeIndex]?.metrics[index];
      if (written !== undefined) addTo(written, metric, exemplars);
    }
  }
  return Buffer.from(JSON.stringify(message));
}

function addTo(written: MetricJson, metric: MetricData, exemplars: PointExemplars): void {
  const writtenPoints = KINDS.map((kind) => written[kind]?.dataPoints).find((points) => points !== undefined) ?? [];
  const isWhole = metric.descriptor.valueType === ValueType.INT;
  for (const [index, point] of pointsOf(metric).entries()) {
    const found = exemplars.get(point);
    const writtenPoint = writtenPoints[index];
    if (found !== undefined && writtenPoint !== undefined) writtenPoint['exemplars'] = found.map((one) => exemplarJson(one, isWhole));
  }
}

function exemplarJson({ value, traceId, spanId, timeMs }: Exemplar, isWhole: boolean): object {
  return {
    timeUnixNano: `${timeMs}000000`,
    ...(isWhole ? { asInt: value } : { asDouble: value }),
    ...(spanId === undefined ? {} : { spanId }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}
