import { spanMetricDimensions } from '../collector/labels.js';
import { labelName } from './series.js';

/** A program other than ours whose metrics are on our boards and in our rules. */
export type ForeignProgram = 'collector' | 'span metrics' | 'service graph' | 'prometheus' | 'alertmanager' | 'tempo' | 'loki' | 'target';

/** A metric that we neither name nor record, under the name that it has in Prometheus. */
export interface ForeignMetric {
  readonly name: string;
  readonly program: ForeignProgram;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** UCUM unit, as in our catalogue. */
  readonly unit: string;
  /** Its labels, apart from those of every series. */
  readonly labels: readonly string[];
}

/** Resource attributes that `instrument()` sets, as labels of `target_info`. */
const TARGET_LABELS = [
  'process_pid',
  'process_runtime_name',
  'process_runtime_version',
  'host_name',
  'host_arch',
  'os_type',
  'os_version',
  'telemetry_sdk_name',
  'telemetry_sdk_version',
  'telemetry_distro_name',
  'telemetry_distro_version',
] as const;

/**
 * Every metric of other programs that a board or a rule may name. The collector's are those of 0.158, pushed through its own
 * pipeline: counters end in `_total`.
 */
export const foreignMetrics: readonly ForeignMetric[] = [
  ...collectorMetrics(),
  ...spanMetrics(),
  ...prometheusMetrics(),
  { name: 'tempo_discarded_spans_total', program: 'tempo', kind: 'counter', unit: '{span}', labels: ['reason', 'tenant'] },
  { name: 'tempo_distributor_spans_received_total', program: 'tempo', kind: 'counter', unit: '{span}', labels: ['tenant'] },
  { name: 'loki_discarded_samples_total', program: 'loki', kind: 'counter', unit: '{log_record}', labels: ['reason', 'tenant'] },
  { name: 'loki_distributor_lines_received_total', program: 'loki', kind: 'counter', unit: '{log_record}', labels: ['tenant'] },
  { name: 'up', program: 'target', kind: 'gauge', unit: '1', labels: [] },
  { name: 'target_info', program: 'target', kind: 'gauge', unit: '1', labels: TARGET_LABELS },
];

function collectorMetrics(): ForeignMetric[] {
  const metric = (name: string, kind: ForeignMetric['kind'], unit: string, labels: readonly string[]): ForeignMetric => ({
    name: `otelcol_${name}`,
    program: 'collector',
    kind,
    unit,
    labels,
  });
  const perSignal = (stem: string, labels: readonly string[]): ForeignMetric[] => [
    metric(`${stem}_spans_total`, 'counter', '{span}', labels),
    metric(`${stem}_metric_points_total`, 'counter', '{datapoint}', labels),
    metric(`${stem}_log_records_total`, 'counter', '{log_record}', labels),
  ];
  return [
    ...['accepted', 'refused', 'failed'].flatMap((word) => perSignal(`receiver_${word}`, ['receiver', 'transport'])),
    ...['accepted', 'refused'].flatMap((word) => perSignal(`processor_memory_limiter_${word}`, ['processor'])),
    ...['sent', 'send_failed', 'enqueue_failed'].flatMap((word) => perSignal(`exporter_${word}`, ['exporter', 'error_type'])),
    metric('exporter_queue_size', 'gauge', '{item}', ['exporter', 'data_type']),
    metric('exporter_queue_capacity', 'gauge', '{item}', ['exporter', 'data_type']),
    metric('process_memory_rss_bytes', 'gauge', 'By', []),
    metric('process_cpu_seconds_total', 'counter', 's', []),
    metric('process_uptime_seconds_total', 'counter', 's', []),
  ];
}

function spanMetrics(): ForeignMetric[] {
  const dimensions = ['span_kind', 'status_code', ...spanMetricDimensions.map(labelName), 'collector_instance_id'];
  const edge = ['client', 'server', 'connection_type', 'failed', 'collector_instance_id'];
  return [
    { name: 'traces_span_metrics_calls_total', program: 'span metrics', kind: 'counter', unit: '{span}', labels: dimensions },
    { name: 'traces_span_metrics_duration_seconds', program: 'span metrics', kind: 'histogram', unit: 's', labels: dimensions },
    { name: 'traces_service_graph_request_total', program: 'service graph', kind: 'counter', unit: '{request}', labels: edge },
    { name: 'traces_service_graph_request_failed_total', program: 'service graph', kind: 'counter', unit: '{request}', labels: edge },
    { name: 'traces_service_graph_request_server_seconds', program: 'service graph', kind: 'histogram', unit: 's', labels: edge },
    { name: 'traces_service_graph_request_client_seconds', program: 'service graph', kind: 'histogram', unit: 's', labels: edge },
  ];
}

function prometheusMetrics(): ForeignMetric[] {
  const metric = (name: string, kind: ForeignMetric['kind'], unit: string, labels: readonly string[] = []): ForeignMetric => ({
    name: `prometheus_${name}`,
    program: 'prometheus',
    kind,
    unit,
    labels,
  });
  return [
    metric('tsdb_head_series', 'gauge', '{series}'),
    metric('tsdb_out_of_order_samples_total', 'counter', '{sample}', ['type']),
    metric('tsdb_too_old_samples_total', 'counter', '{sample}', ['type']),
    metric('api_otlp_translation_warnings_total', 'counter', '{warning}'),
    metric('rule_evaluation_failures_total', 'counter', '{evaluation}', ['rule_group']),
    metric('notifications_dropped_total', 'counter', '{alert}'),
    metric('notifications_errors_total', 'counter', '{alert}', ['alertmanager']),
    {
      name: 'alertmanager_notifications_failed_total',
      program: 'alertmanager',
      kind: 'counter',
      unit: '{notification}',
      labels: ['integration', 'reason', 'receiver_name'],
    },
    { name: 'ALERTS', program: 'prometheus', kind: 'gauge', unit: '1', labels: ['alertname', 'alertstate', 'severity'] },
  ];
}
