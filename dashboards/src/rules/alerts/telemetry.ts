import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { pipelineMetrics } from '../../../../src/telemetry/catalogue/pipeline.js';
import { ATTR_ERROR_TYPE, ATTR_NETWORK_TRANSPORT } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { differs, equals, selector } from '../../names/selectors.js';
import { countSeries, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { HOUR_S, MINUTE_S } from '../times.js';

const NOW_S = 5 * MINUTE_S;
const REMEMBERED_S = 6 * HOUR_S;
const LOSS_WINDOW_S = 10 * MINUTE_S;
const BY_SERVICE = SERVICE.join(', ');

const ofTelemetry = { area: 'telemetry', board: boards.telemetry } as const;
const signals = [
  ['spans', pipelineMetrics.span],
  ['log records', pipelineMetrics.log],
] as const;

/** What services say about their own telemetry, and that they say anything. */
export const telemetryAlerts: readonly AlertDefinition[] = [
  {
    ...ofTelemetry,
    name: 'ServiceTelemetryAbsent',
    severity: 'page',
    conditions: (times) => {
      // A server on a pipe ends with its client. What is scraped has `up`, and an alert of its own, as long as Prometheus knows the target:
      // what service discovery found is forgotten when it is gone.
      const served = selector(countSeries(mcpMetrics.serverOperationDuration), [differs(ATTR_NETWORK_TRANSPORT, 'pipe')]);
      return [
        {
          expr: [
            `group by (${BY_SERVICE}) (last_over_time(${served}[${times(REMEMBERED_S)}]))`,
            `unless on (${BY_SERVICE}) group by (${BY_SERVICE}) (last_over_time(${selector('target_info')}[${times(NOW_S)}]))`,
            `unless on (job) group by (job) (last_over_time(${selector('up')}[${times(NOW_S)}]))`,
          ].join('\n'),
        },
      ];
    },
    forS: 2 * MINUTE_S,
    summary: '{{ $labels.job }}: no metrics from any process for five minutes',
    description:
      'It served calls over the network within the last six hours. Now no metrics arrive: all its processes have stopped, or cannot reach the collector.',
    runbook: {
      means:
        'A service that pushes its metrics no longer sends any, or service discovery finds none of its processes. Other alerts have no data, so they cannot notice that it is down.',
      users: 'If the processes have stopped, everything fails. If only their telemetry is missing, nothing.',
      mend: [
        'Are the processes running? Ask the service itself, for instance `/readyz` of a handoff server.',
        'If they run, check the connection between them and the collector. Their `status()` and stderr say why exports fail.',
        'Are metrics of other services missing too? Then it is the collector or the network.',
      ],
      lies: 'It fires when a service is stopped on purpose, and resolves six hours later. Silence it when you shut a service down for good.',
    },
  },
  {
    ...ofTelemetry,
    name: 'SdkDropsTelemetry',
    severity: 'ticket',
    conditions: (times) =>
      signals.map(([signal, { processed }]) => {
        const dropped = selector(seriesName(processed), [equals(ATTR_ERROR_TYPE, 'queue_full')]);
        return { expr: `${increasedBy(SERVICE, dropped, LOSS_WINDOW_S, times)} > 0`, labels: { signal } };
      }),
    summary: '{{ $labels.job }}: {{ $value | humanize }} {{ $labels.signal }} were dropped in the process',
    description: 'In the last ten minutes, the queue of the exporter was full. Dropped telemetry is lost.',
    runbook: {
      means: 'The process creates more spans or log records than it can send. The excess is counted and lost.',
      users: 'Nothing. Traces and logs have gaps; metrics are complete.',
      mend: [
        'Is the collector slow or down? Its own alerts say so; until it is back, the process keeps what fits into its queue.',
        'If not, raise OTEL_BSP_MAX_QUEUE_SIZE or OTEL_BLRP_MAX_QUEUE_SIZE, or sample.',
      ],
      lies: 'A burst at the start of a load test is harmless.',
    },
  },
  {
    ...ofTelemetry,
    name: 'SdkExportFails',
    severity: 'ticket',
    conditions: (times) =>
      signals.map(([signal, { exported }]) => {
        const failed = selector(seriesName(exported), [differs(ATTR_ERROR_TYPE, '')]);
        const by = [...SERVICE, 'error_type'];
        return { expr: `${increasedBy(by, failed, LOSS_WINDOW_S, times)} > 0`, labels: { signal } };
      }),
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | humanize }} {{ $labels.signal }} could not be exported ({{ $labels.error_type }})',
    description: 'In the last ten minutes the receiver refused them or could not be reached, and all attempts were used up.',
    runbook: {
      means: 'The exporter of the process gave up on some spans or log records. They are lost.',
      users: 'Nothing. Traces and logs have gaps.',
      mend: [
        '`401`, `403`: the credentials in OTEL_EXPORTER_OTLP_HEADERS are wrong. `404`: the endpoint is.',
        '`429`, `503`: the collector is full or limits its memory; see its alerts.',
        'The name of a system error, or `timeout`: the collector or the network is down.',
      ],
      lies: 'None. But metrics are sent in the same way: if they could not be sent either, this alert fires late, with the first metrics that arrive.',
    },
  },
  {
    ...ofTelemetry,
    name: 'CardinalityOverflow',
    severity: 'ticket',
    conditions: (times) => {
      const overflowing = `last_over_time({otel_metric_overflow="true"}[${times(NOW_S)}])`;
      return [{ expr: `count by (${BY_SERVICE}, metric) (label_replace(${overflowing}, "metric", "$1", "__name__", "(.+)")) > 0` }];
    },
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $labels.metric }} has more label values than the SDK allows',
    description:
      'Everything beyond the limit is counted in one series without its labels ({{ $value | printf "%.0f" }} such series). Sums are right, breakdowns by label are not.',
    runbook: {
      means: 'A label of a metric has too many values: an id, a path or a text became a label.',
      users: 'Nothing. Boards that split this metric by label show too little.',
      mend: [
        'Count the values of each label: `count by (LABEL) (METRIC)`. The one with thousands of values is the cause.',
        'Limit its values where it is recorded. Until then, you can drop the metric in the collector.',
      ],
      lies: 'None: the SDK only sets the label when its limit is reached. The alert resolves when the process is restarted, which does not fix the cause.',
    },
  },
];
