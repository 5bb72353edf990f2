import { boards } from '../../boardList.js';
import { selector } from '../../names/selectors.js';
import type { AlertCondition, AlertDefinition } from '../alert.js';
import { HOUR_S, MINUTE_S } from '../times.js';
import type { Times } from '../times.js';
import { any } from './any.js';

const NOW_S = 5 * MINUTE_S;
const REMEMBERED_S = 6 * HOUR_S;
const QUEUE = 'job, instance, exporter, data_type';

const ofCollector = { area: 'telemetry', board: boards.telemetry } as const;

/** The collector counts spans, points and records apart. */
function perSignal(stem: string, by: readonly string[], times: Times): AlertCondition[] {
  return (['spans', 'metric_points', 'log_records'] as const).map((signal) =>
    any(`otelcol_${stem}_${signal}_total`, by, times, { signal: signal.replace('_', ' ') }),
  );
}

function queueAbove(share: number, times: Times): AlertCondition[] {
  const now = (metric: string): string => `max by (${QUEUE}) (last_over_time(${selector(metric)}[${times(NOW_S)}]))`;
  return [{ expr: `${now('otelcol_exporter_queue_size')} / ${now('otelcol_exporter_queue_capacity')} > ${String(share)}` }];
}

const queueRunbook: Pick<AlertDefinition['runbook'], 'users' | 'mend'> = {
  users: 'Nothing. Boards and traces are delayed by what is in the queue.',
  mend: [
    'Is the back end behind this exporter up? The log of the collector says why it cannot send. Repair the back end: the queue then drains by itself.',
    'Is it up but slow? Give it more resources, or send less.',
    'Is it a long outage? Make the queue larger before it is full: OTELCOL_QUEUE_ITEMS, and the disk under it (otel-collector/README.md has the arithmetic).',
  ],
};

export const collectorAlerts: readonly AlertDefinition[] = [
  {
    ...ofCollector,
    name: 'CollectorDown',
    severity: 'page',
    conditions: (times) => {
      const alive = (seconds: number): string =>
        `group by (job) (last_over_time(${selector('otelcol_process_uptime_seconds_total')}[${times(seconds)}]))`;
      return [{ expr: `${alive(REMEMBERED_S)}\nunless ${alive(NOW_S)}` }];
    },
    forS: MINUTE_S,
    summary: '{{ $labels.job }}: the collector has sent nothing about itself for five minutes',
    description:
      'Within the last six hours it did. While no collector runs, the telemetry of all services waits in their queues and is then lost.',
    runbook: {
      means: 'No collector of this name is running, or it cannot reach Prometheus.',
      users: 'Nothing. You are blind: all other alerts about services have no data.',
      confirm: 'Its health endpoint: `curl http://COLLECTOR:13133/`.',
      mend: [
        'Start it. If it ends at once, its log names the line of the configuration that is wrong; so does `validate --config FILE`.',
        'Was it killed for using too much memory? Give it more, or lower the limit of `memory_limiter` below that of the container.',
        'Does it run? Then check its connection to Prometheus; if Prometheus refuses (400), the log of the collector has the reason.',
      ],
      lies: 'It fires when a collector is shut down for good or renamed, and resolves six hours later.',
    },
  },
  {
    ...ofCollector,
    name: 'CollectorQueueFilling',
    severity: 'ticket',
    conditions: (times) => queueAbove(0.5, times),
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: the queue of {{ $labels.exporter }} ({{ $labels.data_type }}) is {{ $value | humanizePercentage }} full',
    description:
      '{{ $labels.instance }} receives more than the back end accepts. When the queue is full, the collector refuses telemetry, and what senders cannot keep is lost.',
    runbook: {
      ...queueRunbook,
      means: 'An exporter of the collector cannot send as fast as it receives: its back end is down, slow, or refuses.',
      lies: 'After an outage the queue is long while it drains. If it gets shorter, all is well.',
    },
  },
  {
    ...ofCollector,
    name: 'CollectorQueueNearlyFull',
    severity: 'page',
    conditions: (times) => queueAbove(0.8, times),
    forS: 2 * MINUTE_S,
    summary: '{{ $labels.job }}: the queue of {{ $labels.exporter }} ({{ $labels.data_type }}) is {{ $value | humanizePercentage }} full',
    description: 'Soon {{ $labels.instance }} will have to refuse telemetry, which will then be lost.',
    runbook: {
      ...queueRunbook,
      means: 'As CollectorQueueFilling, but there is little time left before telemetry is lost.',
      lies: 'None. The health endpoint answers 200 even with a full queue, so do not rely on it.',
    },
  },
  {
    ...ofCollector,
    name: 'CollectorQueueOverflows',
    severity: 'ticket',
    conditions: (times) => perSignal('exporter_enqueue_failed', ['exporter'], times),
    keepFiringForS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | humanize }} {{ $labels.signal }} did not fit into the queue of {{ $labels.exporter }}',
    description:
      'In the last ten minutes {{ $labels.instance }} refused them. Senders try again for a while; what they cannot keep is lost.',
    runbook: {
      means: 'The queue of an exporter is full, or its disk is.',
      users: 'Nothing. Telemetry has gaps from now on.',
      mend: [
        'Is the disk of the queue full? Free some space, and do not restart the collector before: a collector that starts on a full disk loses the batches in flight, ten for each exporter.',
        'Repair the back end: the queue then drains by itself.',
      ],
      lies: 'Retries of senders are counted each time, so the number is larger than the loss.',
    },
  },
  {
    ...ofCollector,
    name: 'CollectorSendFails',
    severity: 'ticket',
    conditions: (times) => perSignal('exporter_send_failed', ['exporter'], times),
    keepFiringForS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $labels.exporter }} lost {{ $value | humanize }} {{ $labels.signal }}',
    description: 'In the last ten minutes the back end refused them permanently, and {{ $labels.instance }} dropped them.',
    runbook: {
      means:
        'A back end answered with a permanent error (400 and the like), which is not retried. Unlike an outage, this loses data at once.',
      users: 'Nothing. Telemetry has gaps.',
      confirm: 'The log of the collector has the answer of the back end: “Exporting failed. Dropping data.”',
      mend: [
        'Prometheus, “out of order” or “too old”: its `out_of_order_time_window` is shorter than the outage was.',
        'Loki, “timestamp too old” or “structured metadata too large”; Tempo, “trace too large”: raise the limit, or cut at the source.',
        '401 or 403: the credentials of the exporter are wrong.',
      ],
      lies: 'A refused request may contain thousands of valid items and one invalid one; all of them are counted.',
    },
  },
  {
    ...ofCollector,
    name: 'CollectorRefusesTelemetry',
    severity: 'ticket',
    conditions: (times) => perSignal('receiver_refused', ['receiver'], times),
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | humanize }} {{ $labels.signal }} were refused by {{ $labels.receiver }}',
    description: 'For five minutes {{ $labels.instance }} has been refusing what services send. They keep it for a while.',
    runbook: {
      means: 'The collector answers its senders with an error, because its queue is full, its memory is, or a processor failed.',
      users: 'Nothing. If it goes on, telemetry is lost in the services.',
      mend: [
        'Which other alert fires? CollectorMemoryLimited: memory. CollectorQueueOverflows: queue. Neither: a processor, see its log.',
        'If the load is legitimate, start more collectors behind a load balancer.',
      ],
      lies: 'Refused telemetry is sent again, and is then counted again.',
    },
  },
  {
    ...ofCollector,
    name: 'CollectorMemoryLimited',
    severity: 'ticket',
    conditions: (times) => perSignal('processor_memory_limiter_refused', [], times),
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | humanize }} {{ $labels.signal }} were refused to save memory',
    description: 'The heap of {{ $labels.instance }} is at its limit.',
    runbook: {
      means: 'The collector refuses telemetry to avoid being killed for using too much memory.',
      users: 'Nothing. If it goes on, telemetry is lost in the services.',
      mend: [
        'Did the traffic rise (board “Telemetry health”)? Start more collectors, or give it more memory.',
        'Does tail sampling hold too many traces? Shorten its wait or lower `num_traces`.',
      ],
      lies: 'A short peak while a long queue drains is normal.',
    },
  },
];
