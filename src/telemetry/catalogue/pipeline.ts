import { ATTR_ERROR_TYPE, ATTR_OTEL_COMPONENT_NAME, ATTR_OTEL_COMPONENT_TYPE } from '../semconv.js';
import type { MetricAttribute, MetricDefinition } from './definitions.js';

/** What becomes of spans or log records between their end and the receiver. Names, kinds and units are the conventions'; the words are ours. */
export interface PipelineMetrics {
  readonly processed: MetricDefinition;
  readonly queueSize: MetricDefinition;
  readonly queueCapacity: MetricDefinition;
  readonly inflight: MetricDefinition;
  readonly exported: MetricDefinition;
}

function component(types: readonly string[]): readonly MetricAttribute[] {
  return [
    { key: ATTR_OTEL_COMPONENT_TYPE, values: types },
    { key: ATTR_OTEL_COMPONENT_NAME, values: types.flatMap((type) => [`${type}/0`, `${type}/1`]) },
  ];
}

function pipelineOf(signal: 'span' | 'log', unit: string, items: string): PipelineMetrics {
  const processor = component([`batching_${signal}_processor`]);
  const exporter = component(['otlp_http', 'otlp_http_json', 'otlp_grpc'].map((protocol) => `${protocol}_${signal}_exporter`));
  const metric = (
    name: string,
    kind: MetricDefinition['kind'],
    description: string,
    attributes: readonly MetricAttribute[],
  ): MetricDefinition => ({ name: `otel.sdk.${name}`, kind, unit, description, attributes, source: 'handoff-otel' });
  return {
    processed: metric(`processor.${signal}.processed`, 'counter', `${items} that left the queue for the exporter, or were dropped.`, [
      ...processor,
      { key: ATTR_ERROR_TYPE, values: ['queue_full', 'already_shutdown', '_OTHER'] },
    ]),
    queueSize: metric(`processor.${signal}.queue.size`, 'upDownCounter', `${items} that wait in the queue.`, processor),
    queueCapacity: metric(`processor.${signal}.queue.capacity`, 'upDownCounter', `${items} the queue can hold.`, processor),
    inflight: metric(
      `exporter.${signal}.inflight`,
      'upDownCounter',
      `${items} that the exporter was given and are not answered yet.`,
      exporter,
    ),
    exported: metric(`exporter.${signal}.exported`, 'counter', `${items} whose export is over.`, [
      ...exporter,
      {
        key: ATTR_ERROR_TYPE,
        values: 'When the export failed: an HTTP status, an errno name, `timeout`, `rejected`, `stopped` or `_OTHER`.',
      },
    ]),
  };
}

export const pipelineMetrics = {
  span: pipelineOf('span', '{span}', 'Spans'),
  log: pipelineOf('log', '{log_record}', 'Log records'),
} as const;
