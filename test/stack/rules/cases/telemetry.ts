import { countedSituations } from '../harness/counted.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production",instance="shop-1"';
const labels = { job: 'shop', deployment_environment_name: 'production' };
const ofTelemetry = { area: 'telemetry', board: 'handoff-telemetry' } as const;
const signals = [
  ['spans', 'span'],
  ['log records', 'log'],
] as const;

const calls = (transport: string): string =>
  `mcp_server_operation_duration_seconds_count{${SHOP},mcp_method_name="tools/call",network_transport="${transport}"}`;
const target = `target_info{${SHOP}}`;
const absent = {
  labels,
  summary: 'shop: no metrics from any process for five minutes',
  description:
    'It served calls over the network within the last six hours. Now no metrics arrive: all its processes have stopped, or cannot reach the collector.',
};

export const telemetryProofs: readonly Proof[] = [
  {
    ...ofTelemetry,
    alert: 'ServiceTelemetryAbsent',
    severity: 'page',
    situations: [
      {
        name: 'a service falls silent, and comes back',
        samples: { [calls('tcp')]: '0+1x60 _x60 0+1x60', [target]: '1x60 _x60 1x60' },
        at: [silent(64), silent(66), fires(68, absent), fires(120, absent), silent(121)],
      },
      {
        name: 'six hours later it is forgotten',
        samples: { [calls('tcp')]: '0+1x60', [target]: '1x60' },
        at: [fires(418, absent), silent(422)],
      },
      {
        name: 'it is there, without calls',
        samples: { [calls('tcp')]: '0+1x10 _x200', [target]: '1x200' },
        at: [silent(60), silent(150)],
      },
      {
        name: 'one process of two ends',
        samples: {
          [calls('tcp')]: '0+1x60',
          [target]: '1x60',
          'target_info{job="shop",deployment_environment_name="production"}': '1x200',
        },
        at: [silent(70), silent(150)],
      },
      {
        name: 'the same service is alive in another environment',
        samples: { [calls('tcp')]: '0+1x60', [target]: '1x60', 'target_info{job="shop",deployment_environment_name="test"}': '1x200' },
        at: [fires(70, absent)],
      },
      { name: 'a server on a pipe ends with its client', samples: { [calls('pipe')]: '0+1x60', [target]: '1x60' }, at: [silent(70)] },
      {
        name: 'what is scraped has an alert of its own',
        samples: { [calls('tcp')]: '0+1x60', [target]: '1x60', 'up{job="shop"}': '1x60 0x300' },
        at: [silent(70), silent(300)],
      },
      {
        name: 'service discovery finds no process of it any more',
        samples: { [calls('tcp')]: '0+1x60 stale', [target]: '1x60 stale', 'up{job="shop"}': '1x60 stale' },
        at: [silent(60), silent(66), fires(70, absent), fires(300, absent)],
      },
      { name: 'there never was a service', samples: {}, at: [silent(70)] },
    ],
  },
  ...signals.map(
    ([signal, name]): Proof => ({
      ...ofTelemetry,
      alert: 'SdkDropsTelemetry',
      severity: 'ticket',
      situations: countedSituations({
        series: `otel_sdk_processor_${name}_processed_total{${SHOP},error_type="queue_full"}`,
        least: 1,
        windowMinutes: 10,
        firing: {
          labels: { ...labels, signal },
          summary: `shop: 1 ${signal} were dropped in the process`,
          description: 'In the last ten minutes, the queue of the exporter was full. Dropped telemetry is lost.',
        },
      }),
    }),
  ),
  {
    ...ofTelemetry,
    alert: 'SdkDropsTelemetry',
    severity: 'ticket',
    situations: signals.map(([signal, name]) => ({
      name: `${signal} that leave the queue are not lost`,
      samples: { [`otel_sdk_processor_${name}_processed_total{${SHOP}}`]: '_x9 50+5x50' },
      at: [silent(15)],
    })),
  },
  ...signals.map(
    ([signal, name]): Proof => ({
      ...ofTelemetry,
      alert: 'SdkExportFails',
      severity: 'ticket',
      situations: [
        ...countedSituations({
          series: `otel_sdk_exporter_${name}_exported_total{${SHOP},error_type="503"}`,
          least: 1,
          windowMinutes: 10,
          forMinutes: 5,
          firing: {
            labels: { ...labels, signal, error_type: '503' },
            summary: `shop: 1 ${signal} could not be exported (503)`,
            description: 'In the last ten minutes the receiver refused them or could not be reached, and all attempts were used up.',
          },
        }),
        { name: 'exports succeed', samples: { [`otel_sdk_exporter_${name}_exported_total{${SHOP}}`]: '_x9 50+5x50' }, at: [silent(20)] },
      ],
    }),
  ),
  {
    ...ofTelemetry,
    alert: 'CardinalityOverflow',
    severity: 'ticket',
    situations: [
      {
        name: 'two series of a metric have the label, then the process ends',
        samples: {
          [`mcp_server_operation_duration_seconds_count{${SHOP},otel_metric_overflow="true"}`]: '_x20 1+1x60',
          [`mcp_server_operation_duration_seconds_sum{${SHOP},otel_metric_overflow="true"}`]: '_x20 1+1x60',
          [`mcp_server_operation_duration_seconds_sum{${SHOP}}`]: '1+1x60',
        },
        at: [
          silent(24),
          fires(
            25,
            ...['count', 'sum'].map((part) => ({
              labels: { ...labels, metric: `mcp_server_operation_duration_seconds_${part}` },
              summary: `shop: mcp_server_operation_duration_seconds_${part} has more label values than the SDK allows`,
              description:
                'Everything beyond the limit is counted in one series without its labels (1 such series). Sums are right, breakdowns by label are not.',
            })),
          ),
          firesSomehow(84, 2),
          silent(86),
        ],
      },
      { name: 'no series has the label', samples: { [`mcp_server_operation_duration_seconds_sum{${SHOP}}`]: '1+1x60' }, at: [silent(30)] },
      { name: 'there are no series', samples: {}, at: [silent(30)] },
    ],
  },
];
