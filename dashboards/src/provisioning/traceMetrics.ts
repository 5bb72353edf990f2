import { mcpMetrics } from '../../../src/telemetry/catalogue/mcp.js';
import { ATTR_MCP_METHOD_NAME } from '../../../src/telemetry/semconv.js';
import { bucketSeries, countSeries, labelName } from '../names/series.js';
import { quoted } from '../section.js';

/** What Grafana puts in place of it are the tags of the span; the doubled sign keeps the provisioning from expanding it. */
const OF_THE_SERVICE = '{$$__tags}[$$__rate_interval]';
const duration = mcpMetrics.serverOperationDuration;

const queries = [
  {
    name: 'MCP requests per second',
    query: `sum by (${labelName(ATTR_MCP_METHOD_NAME)}) (rate(${countSeries(duration)}${OF_THE_SERVICE}))`,
  },
  {
    name: 'MCP request duration, p95',
    query: `histogram_quantile(0.95, sum by (le) (rate(${bucketSeries(duration)}${OF_THE_SERVICE})))`,
  },
] as const;

/** The lines of the section `traces to metrics`: the queries that lead from a span to the figures of its service. */
export function traceMetricsLines(): string[] {
  return ['queries:', ...queries.flatMap(({ name, query }) => [`  - name: ${name}`, `    query: ${quoted(query)}`])];
}
