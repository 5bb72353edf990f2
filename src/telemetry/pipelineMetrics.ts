import type { MetricDefinition } from './catalogue.js';
import { ATTR_ERROR_TYPE, ATTR_OTEL_COMPONENT_NAME, ATTR_OTEL_COMPONENT_TYPE } from './semconv.js';

const COMPONENT = [ATTR_OTEL_COMPONENT_TYPE, ATTR_OTEL_COMPONENT_NAME];
const OUTCOME = [...COMPONENT, ATTR_ERROR_TYPE];

/** What becomes of spans or log records between their end and the receiver. Names, kinds and units are the conventions'; the words are ours. */
export interface PipelineMetrics {
  readonly processed: MetricDefinition;
  readonly queueSize: MetricDefinition;
  readonly queueCapacity: MetricDefinition;
  readonly inflight: MetricDefinition;
  readonly exported: MetricDefinition;
}

function pipelineOf(signal: 'span' | 'log', unit: string, items: string): PipelineMetrics {
  const metric = (name: string, kind: MetricDefinition['kind'], description: string, attributes: readonly string[]): MetricDefinition => ({
    name: `otel.sdk.${name}`,
    kind,
    unit,
    description,
    attributes,
    source: 'handoff-otel',
  });
  return {
    processed: metric(
      `processor.${signal}.processed`,
      'counter',
      `${items} that left the queue for the exporter, or were dropped: \`error.type\` is \`queue_full\`, \`already_shutdown\` or \`_OTHER\` (could not be encoded).`,
      OUTCOME,
    ),
    queueSize: metric(`processor.${signal}.queue.size`, 'upDownCounter', `${items} that wait in the queue.`, COMPONENT),
    queueCapacity: metric(`processor.${signal}.queue.capacity`, 'upDownCounter', `${items} the queue can hold.`, COMPONENT),
    inflight: metric(`exporter.${signal}.inflight`, 'upDownCounter', `${items} handed to the exporter and not answered yet.`, COMPONENT),
    exported: metric(
      `exporter.${signal}.exported`,
      'counter',
      `${items} whose export is over. When it failed, \`error.type\` is an HTTP status, an errno-style code, \`timeout\`, \`rejected\`, \`stopped\` or \`_OTHER\`.`,
      OUTCOME,
    ),
  };
}

export const pipelineMetrics = {
  span: pipelineOf('span', '{span}', 'Spans'),
  log: pipelineOf('log', '{log_record}', 'Log records'),
} as const;

export const allPipelineMetrics: readonly MetricDefinition[] = Object.values(pipelineMetrics).flatMap(
  (signal) => Object.values(signal) as MetricDefinition[],
);
