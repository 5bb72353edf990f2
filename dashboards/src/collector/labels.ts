import { promotedResourceAttributes } from '../../../src/telemetry/catalogue/backEnds.js';
import { databaseMetrics } from '../../../src/telemetry/catalogue/database.js';
import { mcpMetrics } from '../../../src/telemetry/catalogue/mcp.js';
import { operationMetrics } from '../../../src/telemetry/catalogue/operations.js';
import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_MCP_METHOD_NAME,
} from '../../../src/telemetry/semconv.js';
import { quoted } from '../section.js';

/**
 * Attributes of spans that become labels of the metrics made of spans. Each is also an attribute of one of our metrics, so that
 * its values are bounded. The name of a span is not among them: nothing bounds it.
 */
export const spanMetricDimensions = [
  ATTR_MCP_METHOD_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_DB_OPERATION_NAME,
  ATTR_ERROR_TYPE,
] as const;

/** The metrics whose catalogue entries bound the dimensions. */
export const boundingMetrics: readonly MetricDefinition[] = [
  mcpMetrics.serverOperationDuration,
  operationMetrics.duration,
  databaseMetrics.operationDuration,
];

/** What tells services apart in the metrics made of spans: a process of a service is not told apart, since these outlive it. */
const spanMetricResource = promotedResourceAttributes.filter((key) => key !== 'service.instance.id');

/** The bounds of all bounding metrics, in seconds: what a span's duration is compared with has them too. */
function spanMetricBucketsS(): number[] {
  return [...new Set(boundingMetrics.flatMap(({ buckets = [] }) => buckets))].sort((a, b) => a - b);
}

/** The lines of the section `dimensions` of `span_metrics`. */
export function dimensionLines(): string[] {
  return [
    `resource_metrics_key_attributes: [${spanMetricResource.join(', ')}]`,
    'dimensions:',
    ...spanMetricDimensions.map((name) => `  - name: ${name}`),
    'histogram:',
    '  unit: s',
    `  explicit: { buckets: [${spanMetricBucketsS()
      .map((seconds) => `${seconds * 1000}ms`)
      .join(', ')}] }`,
  ];
}

/** The lines of the section `resource`: the statement that keeps of a service what tells it apart. */
export function resourceLines(): string[] {
  return [`- ${quoted(`keep_keys(resource.attributes, ${JSON.stringify(spanMetricResource)})`)}`];
}

/** The lines of the section `promoted`: statements that make labels of resource attributes, as Prometheus does with what is pushed. */
export function promotedLines(): string[] {
  return promotedResourceAttributes.map((key) => {
    const from = `resource.attributes["${key}"]`;
    return `- ${quoted(`set(datapoint.attributes["${key}"], ${from}) where ${from} != nil`)}`;
  });
}
