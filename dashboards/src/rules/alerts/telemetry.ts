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
    description: 'Within the last six hours it served calls over the network. Now nothing arrives: all its processes are gone, or cut off.',
    runbook: {
      means:
        'A service that pushes its metrics has fallen silent, or service discovery finds none of its processes. No other alert can notice that it is down, since none has data.',
      users: 'If the processes are gone, everything fails. If only their telemetry is cut off, nothing.',
      mend: [
        'Are the processes running? Ask the service itself, for instance `/readyz` of a handoff server.',
        'Do they run, then what is between them and the collector? Their `status()` and stderr say why exports fail.',
        'Are other services silent too? Then it is the collector or the network.',
      ],
      lies: 'It fires when a service is stopped on purpose, and falls silent six hours later. Silence it when you retire a service.',
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
    description: 'In the last ten minutes the queue of the exporter was full. What was dropped is lost.',
    runbook: {
      means: 'More spans or log records are made than the process can send. Those over are counted and lost.',
      users: 'Nothing. Traces and logs have gaps, metrics have none.',
      mend: [
        'Is the collector slow or away? Its own alerts say so; the process holds what fits into its queue until then.',
        'If not, raise OTEL_BSP_MAX_QUEUE_SIZE or OTEL_BLRP_MAX_QUEUE_SIZE, or sample.',
      ],
      lies: 'One burst at the start of a load test is no fault.',
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
        'An errno name or `timeout`: the collector is not there, or the network.',
      ],
      lies: 'Metrics travel the same way. If they could not get out either, this alert comes late, with the first that does.',
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
    summary: '{{ $labels.job }}: {{ $labels.metric }} has more label values than the SDK keeps apart',
    description:
      'What is beyond the limit is counted in one series without its labels, in {{ $value | printf "%.0f" }} series. Sums are right, shares by label are not.',
    runbook: {
      means: 'A label of a metric takes more values than it should: an id, a path or a text became a label.',
      users: 'Nothing. Boards that split this metric by label show too little.',
      mend: [
        'Count the values of each label: `count by (LABEL) (METRIC)`. The one with thousands is the fault.',
        'Bound it where it is recorded. Until then the metric can be dropped in the collector.',
      ],
      lies: 'It never does: the SDK only sets the label when its limit is reached. It ends when the process is restarted, which mends nothing.',
    },
  },
];
