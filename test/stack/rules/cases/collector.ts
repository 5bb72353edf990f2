import { countedSituations } from '../harness/counted.js';
import { levelSituations } from '../harness/level.js';
import { fires, silent } from '../harness/proof.js';
import type { Proof } from '../harness/proof.js';

const COLLECTOR = 'job="otelcol-handoff",instance="c-1"';
const labels = { job: 'otelcol-handoff', instance: 'c-1' };
const ofCollector = { area: 'telemetry', board: 'handoff-telemetry' } as const;
const uptime = `otelcol_process_uptime_seconds_total{${COLLECTOR}}`;
const down = {
  labels: { job: 'otelcol-handoff' },
  summary: 'otelcol-handoff: the collector has sent nothing about itself for five minutes',
  description:
    'Within the last six hours it did. While no collector runs, the telemetry of all services waits in their queues and is then lost.',
};

const queue = (alert: string, severity: 'page' | 'ticket', percent: number, forMinutes: number, description: string): Proof => ({
  ...ofCollector,
  alert,
  severity,
  situations: levelSituations({
    samples: (values) => ({
      [`otelcol_exporter_queue_size{${COLLECTOR},exporter="otlp_grpc/tempo",data_type="traces"}`]: values,
      [`otelcol_exporter_queue_size{${COLLECTOR},exporter="otlp_http/loki",data_type="logs"}`]: '0x200',
      [`otelcol_exporter_queue_capacity{${COLLECTOR},exporter="otlp_grpc/tempo",data_type="traces"}`]: '1000x200',
      [`otelcol_exporter_queue_capacity{${COLLECTOR},exporter="otlp_http/loki",data_type="logs"}`]: '1000x200',
    }),
    quiet: 0,
    above: percent * 10 + 1,
    below: percent * 10,
    forMinutes,
    lingersMinutes: 6,
    firing: {
      labels: { ...labels, exporter: 'otlp_grpc/tempo', data_type: 'traces' },
      summary: `otelcol-handoff: the queue of otlp_grpc/tempo (traces) is ${String(percent)}.1% full`,
      description,
    },
  }),
});

/** The three counters of one kind of failure. */
function counters(
  alert: string,
  stem: string,
  times: { readonly forMinutes?: number; readonly keepMinutes?: number },
  where: Readonly<Record<string, string>>,
  summary: (signal: string) => string,
  description: string,
): Proof[] {
  return ['spans', 'metric points', 'log records'].map((signal) => ({
    ...ofCollector,
    alert,
    severity: 'ticket',
    situations: countedSituations({
      series: `otelcol_${stem}_${signal.replace(' ', '_')}_total{${COLLECTOR}${Object.entries(where)
        .map(([key, value]) => `,${key}="${value}"`)
        .join('')}}`,
      least: 1,
      windowMinutes: 10,
      ...times,
      firing: { labels: { ...labels, ...where, signal }, summary: summary(signal), description },
    }),
  }));
}

export const collectorProofs: readonly Proof[] = [
  {
    ...ofCollector,
    alert: 'CollectorDown',
    severity: 'page',
    situations: [
      {
        name: 'it ends, and another process begins',
        samples: { [uptime]: '0+60x60', 'otelcol_process_uptime_seconds_total{job="otelcol-handoff",instance="c-2"}': '_x100 0+60x60' },
        at: [silent(64), fires(67, down), fires(99, down), silent(100), silent(150)],
      },
      {
        // No sample is at the very beginning of a window, where versions of Prometheus differ.
        name: 'it was last seen between two evaluations',
        samples: { [uptime]: '0+90x67' },
        stepMinutes: 1.5,
        at: [silent(106), fires(107, down)],
      },
      { name: 'six hours later it is forgotten', samples: { [uptime]: '0+60x60' }, at: [silent(65), fires(419, down), silent(422)] },
      {
        name: 'one of two ends',
        samples: { [uptime]: '0+60x60', 'otelcol_process_uptime_seconds_total{job="otelcol-handoff",instance="c-2"}': '0+60x200' },
        at: [silent(80), silent(150)],
      },
      {
        name: 'another tier is alive',
        samples: { [uptime]: '0+60x60', 'otelcol_process_uptime_seconds_total{job="sampling",instance="c-3"}': '0+60x200' },
        at: [fires(80, down)],
      },
      { name: 'it starts again at zero', samples: { [uptime]: '0+60x60 0+60x60' }, at: [silent(63), silent(100)] },
      { name: 'there never was one', samples: {}, at: [silent(100)] },
    ],
  },
  queue(
    'CollectorQueueFilling',
    'ticket',
    50,
    5,
    'c-1 receives more than the back end accepts. When the queue is full, the collector refuses telemetry, and what senders cannot keep is lost.',
  ),
  queue('CollectorQueueNearlyFull', 'page', 80, 2, 'Soon c-1 will have to refuse telemetry, which will then be lost.'),
  ...counters(
    'CollectorQueueOverflows',
    'exporter_enqueue_failed',
    { keepMinutes: 5 },
    { exporter: 'otlp_http/loki' },
    (signal) => `otelcol-handoff: 1 ${signal} did not fit into the queue of otlp_http/loki`,
    'In the last ten minutes c-1 refused them. Senders try again for a while; what they cannot keep is lost.',
  ),
  ...counters(
    'CollectorSendFails',
    'exporter_send_failed',
    { keepMinutes: 5 },
    { exporter: 'otlp_http/loki' },
    (signal) => `otelcol-handoff: otlp_http/loki lost 1 ${signal}`,
    'In the last ten minutes the back end refused them permanently, and c-1 dropped them.',
  ),
  ...counters(
    'CollectorRefusesTelemetry',
    'receiver_refused',
    { forMinutes: 5 },
    { receiver: 'otlp' },
    (signal) => `otelcol-handoff: 1 ${signal} were refused by otlp`,
    'For five minutes c-1 has been refusing what services send. They keep it for a while.',
  ),
  ...counters(
    'CollectorMemoryLimited',
    'processor_memory_limiter_refused',
    { forMinutes: 5 },
    {},
    (signal) => `otelcol-handoff: 1 ${signal} were refused to save memory`,
    'The heap of c-1 is at its limit.',
  ),
];
