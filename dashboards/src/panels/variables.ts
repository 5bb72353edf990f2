import { mcpMetrics } from '../../../src/telemetry/catalogue/mcp.js';
import { ATTR_GEN_AI_TOOL_NAME } from '../../../src/telemetry/semconv.js';
import { matches } from '../names/selectors.js';
import type { Matcher } from '../names/selectors.js';
import { countSeries, labelName } from '../names/series.js';
import type { VariableSpec } from './spec.js';

const ENVIRONMENT = labelName('deployment.environment.name');
const SERVICE_NAME = labelName('service.name');
const ANYTHING = '.*';

/** Points of the chosen environment, service and instance. */
export const scope: readonly Matcher[] = [
  matches(ENVIRONMENT, '$environment'),
  matches('job', '$service'),
  matches('instance', '$instance'),
];

/** As `scope`, and of the chosen tool. A point without a tool is shown as long as none is chosen. */
export const toolScope: readonly Matcher[] = [...scope, matches(ATTR_GEN_AI_TOOL_NAME, '$tool')];

export const sources: Readonly<Record<'prometheus' | 'loki' | 'tempo' | 'postgres', VariableSpec>> = {
  prometheus: { name: 'prometheus', label: 'Metrics', description: 'Where the metrics are.', kind: 'source', source: 'prometheus' },
  loki: { name: 'loki', label: 'Logs', description: 'Where the logs are.', kind: 'source', source: 'loki' },
  tempo: { name: 'tempo', label: 'Traces', description: 'Where the traces are.', kind: 'source', source: 'tempo' },
  postgres: { name: 'postgres', label: 'Rollups', description: 'The database of the handoff server.', kind: 'source', source: 'postgres' },
};

/** Servers and clients that have handled an MCP message. */
const MCP_SERIES = `{__name__=~"${countSeries(mcpMetrics.serverOperationDuration)}|${countSeries(mcpMetrics.clientOperationDuration)}"`;

/**
 * Returns the variables that every board has: the environment, the service (Prometheus' `job`), its name in logs and traces, and the
 * instance.
 */
export function coreVariables(): readonly VariableSpec[] {
  const within = (matchers: string): string => `${MCP_SERIES},${matchers}}`;
  return [
    sources.prometheus,
    {
      name: 'environment',
      label: 'Environment',
      description: 'Resource attribute deployment.environment.name. Scraped series have it only when the scrape adds it.',
      kind: 'labels',
      of: { series: `${MCP_SERIES}}`, label: ENVIRONMENT },
      all: ANYTHING,
    },
    {
      name: 'service',
      label: 'Service',
      description: 'Label job: the service name that the process sends, after its namespace, or the name of the scrape job.',
      kind: 'labels',
      of: { series: within(`${ENVIRONMENT}=~"$environment"`), label: 'job' },
      all: '.+',
    },
    {
      name: 'service_name',
      label: 'Service name',
      description: 'The chosen services by the name that they have in logs and traces.',
      kind: 'labels',
      of: { series: `{__name__=~"target_info|${countSeries(mcpMetrics.serverOperationDuration)}",job=~"$service"}`, label: SERVICE_NAME },
      all: ANYTHING,
      hidden: true,
    },
    {
      name: 'instance',
      label: 'Instance',
      description: 'Label instance: one process.',
      kind: 'labels',
      of: { series: within('job=~"$service"'), label: 'instance' },
      all: '.+',
    },
  ];
}

/** The tools that have been called. */
export const toolVariable: VariableSpec = {
  name: 'tool',
  label: 'Tool',
  description: 'Narrows calls to one tool. All also shows requests that call no tool.',
  kind: 'labels',
  of: { series: `${MCP_SERIES},job=~"$service"}`, label: labelName(ATTR_GEN_AI_TOOL_NAME) },
  all: ANYTHING,
};
