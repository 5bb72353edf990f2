import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { promName, promUnit } from '../../telemetry/promName.js';
import type { PromKind } from '../../telemetry/promName.js';

/** Mirrors the SDK's `DataPointType`, whose module must not be loaded just for this. */
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const SUM = 3;

/**
 * The same metrics under the names the collector path gives them. The SDK's serializer adds no unit suffix;
 * a name that already is as Prometheus wants it passes through it unchanged.
 */
export function withPromNames(collected: ResourceMetrics): ResourceMetrics {
  return {
    resource: collected.resource,
    scopeMetrics: collected.scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(renamed) })),
  };
}

function renamed(metric: MetricData): MetricData {
  const { descriptor } = metric;
  const { unit } = descriptor;
  return { ...metric, descriptor: { ...descriptor, name: promName(descriptor.name, unit, kindOf(metric)), unit: promUnit(unit) } };
}

function kindOf(metric: MetricData): PromKind {
  const type: number = metric.dataPointType;
  if (type === HISTOGRAM || type === EXPONENTIAL_HISTOGRAM) return 'histogram';
  if (type !== SUM) return 'gauge';
  return 'isMonotonic' in metric && metric.isMonotonic ? 'counter' : 'upDownCounter';
}
