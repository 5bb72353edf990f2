import { databaseMetrics } from '../../../telemetry/catalogue/database.js';
import { mcpMetrics } from '../../../telemetry/catalogue/mcp.js';
import { operationMetrics } from '../../../telemetry/catalogue/operations.js';
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_MCP_METHOD_NAME,
} from '../../../telemetry/semconv.js';
import type { HistogramPoint, MetricPoint } from '../../../testing/records.js';
import { formatDuration } from '../render/duration.js';
import { estimateQuantile } from '../render/quantile.js';
import { renderTable } from '../render/table.js';

/** The duration histograms shown, and the attributes that name their rows. */
const SHOWN = [
  { metric: mcpMetrics.serverOperationDuration.name, by: [ATTR_MCP_METHOD_NAME, ATTR_GEN_AI_TOOL_NAME, ATTR_ERROR_TYPE] },
  { metric: operationMetrics.duration.name, by: [ATTR_HANDOFF_OPERATION_NAME, ATTR_ERROR_TYPE] },
  { metric: databaseMetrics.operationDuration.name, by: [ATTR_DB_OPERATION_NAME, ATTR_ERROR_TYPE] },
] as const;

const COLUMNS = [
  { heading: 'metric', shrink: true },
  ...['count', 'p50', 'p95', 'total'].map((heading) => ({ heading, align: 'right' as const })),
];
const MS_PER_SECOND = 1000;

/** Renders the durations of both servers together, one row per kind of operation; pass the latest point of each series. */
export function renderKeyMetrics(points: readonly MetricPoint[], options: { readonly columns: number }): string {
  const rows = SHOWN.flatMap(({ metric, by }) => {
    const histograms = points.filter((point): point is HistogramPoint => point.metric === metric && point.kind === 'histogram');
    const groups = Map.groupBy(histograms, ({ attributes }) =>
      by.flatMap((key) => (typeof attributes[key] === 'string' ? [attributes[key]] : [])).join(' '),
    );
    const lines = [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([name, group]) => [`  ${name}`, ...figures(merge(group))]);
    return lines.length === 0 ? [] : [[metric], ...lines];
  });
  return renderTable(COLUMNS, rows, options);
}

type Merged = Pick<HistogramPoint, 'bucketCounts' | 'explicitBounds' | 'min' | 'max'> & { readonly count: number; readonly sum: number };

/** Points of one instrument have the same bounds, whichever process they come from. */
function merge(group: readonly HistogramPoint[]): Merged {
  const [first] = group;
  const lows = group.flatMap(({ min }) => (min === undefined ? [] : [min]));
  const highs = group.flatMap(({ max }) => (max === undefined ? [] : [max]));
  return {
    explicitBounds: first?.explicitBounds ?? [],
    bucketCounts: (first?.bucketCounts ?? []).map((_count, bucket) =>
      group.reduce((total, point) => total + (point.bucketCounts[bucket] ?? 0), 0),
    ),
    count: group.reduce((total, point) => total + point.count, 0),
    sum: group.reduce((total, point) => total + (point.sum ?? 0), 0),
    ...(lows.length === 0 ? {} : { min: Math.min(...lows) }),
    ...(highs.length === 0 ? {} : { max: Math.max(...highs) }),
  };
}

function figures(point: Merged): string[] {
  const quantile = (q: number): string => {
    const seconds = estimateQuantile(point, q);
    return seconds === undefined ? '' : formatDuration(seconds * MS_PER_SECOND);
  };
  return [String(point.count), quantile(0.5), quantile(0.95), formatDuration(point.sum * MS_PER_SECOND)];
}
