import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { streamLabels } from '../../names/logLabels.js';
import { countSeries, labelName } from '../../names/series.js';
import type { VariableSpec } from '../../panels/spec.js';
import { sources, toolVariable } from '../../panels/variables.js';

const SERVICE_NAME = labelName('service.name');
const ENVIRONMENT = labelName('deployment.environment.name');
const SERIES = `{__name__=~"target_info|${countSeries(mcpMetrics.serverOperationDuration)}",${SERVICE_NAME}=~"$service_name"}`;

/**
 * Here the service goes by the name that logs and traces have for it, and its `job` follows from it for the links back. The instance is
 * not asked for: on the pull path Prometheus gives it a name that logs do not know.
 */
export function logVariables(): readonly VariableSpec[] {
  const inLoki = (label: string): string => (streamLabels.includes(label) ? `{${SERVICE_NAME}=~".+"}` : refuse(label));
  return [
    sources.loki,
    sources.tempo,
    sources.prometheus,
    {
      name: 'environment',
      label: 'Environment',
      description: 'Resource attribute deployment.environment.name.',
      kind: 'labels',
      source: 'loki',
      of: { series: inLoki(ENVIRONMENT), label: ENVIRONMENT },
      all: '.*',
    },
    {
      name: 'service_name',
      label: 'Service',
      description: 'Resource attribute service.name.',
      kind: 'labels',
      source: 'loki',
      of: { series: inLoki(SERVICE_NAME), label: SERVICE_NAME },
      all: '.+',
    },
    {
      name: 'service',
      label: 'Job',
      description: 'The chosen services in Prometheus.',
      kind: 'labels',
      of: { series: SERIES, label: 'job' },
      all: '.+',
      hidden: true,
    },
    {
      name: 'instance',
      label: 'Instance',
      description: 'Goes along with links.',
      kind: 'labels',
      of: { series: SERIES, label: 'instance' },
      all: '.+',
      hidden: true,
    },
    { ...toolVariable, description: 'Narrows the calls in traces to one tool.' },
    {
      name: 'level',
      label: 'Level',
      description: 'Narrows the lines.',
      kind: 'choice',
      choices: ['error', 'warn', 'info', 'debug'],
      all: '.*',
    },
    {
      name: 'event',
      label: 'Event',
      description: 'An event.name or a pattern, for instance handoff.session.*; see the list of events in the documentation.',
      kind: 'text',
    },
    { name: 'trace', label: 'Trace', description: 'The id of a trace: its lines only.', kind: 'text' },
    { name: 'search', label: 'Text', description: 'A pattern that the line contains.', kind: 'text' },
  ];
}

function refuse(label: string): never {
  throw new TypeError(`${label} is no label of Loki's streams: see lokiIndexLabels in src/telemetry/catalogue/backEnds.ts.`);
}
