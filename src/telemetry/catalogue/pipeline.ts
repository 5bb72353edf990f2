import { ATTR_ERROR_TYPE, ATTR_OTEL_COMPONENT_NAME, ATTR_OTEL_COMPONENT_TYPE } from '../semconv.js';
import type { MetricAttribute, MetricDefinition } from './definitions.js';

/** What happens to spans or log records on the way to the receiver. Names, kinds and units are the conventions'; the wording is ours. */
export type PipelineMetrics = Readonly<Record<'processed' | 'queueSize' | 'queueCapacity' | 'inflight' | 'exported', MetricDefinition>>;

function component(types: readonly string[]): readonly MetricAttribute[] {
  return [
    { key: ATTR_OTEL_COMPONENT_TYPE, values: types },
    { key: ATTR_OTEL_COMPONENT_NAME, values: types.map((type) => `${type}/0`) },
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
    queueCapacity: metric(`processor.${signal}.queue.capacity`, 'upDownCounter', `${items} that the queue can hold.`, processor),
    inflight: metric(
      `exporter.${signal}.inflight`,
      'upDownCounter',
      `${items} that were passed to the exporter and whose export has not finished yet.`,
      exporter,
    ),
    exported: metric(`exporter.${signal}.exported`, 'counter', `${items} whose export has finished, successfully or not.`, [
      ...exporter,
      {
        key: ATTR_ERROR_TYPE,
        values: 'Absent if the export succeeded; otherwise an HTTP status, an errno name, `timeout`, `rejected`, `stopped` or `_OTHER`.',
      },
    ]),
  };
}

export const pipelineMetrics = {
  span: pipelineOf('span', '{span}', 'Spans'),
  log: pipelineOf('log', '{log_record}', 'Log records'),
} as const;
