import { selector } from '../../names/selectors.js';
import { toLogs, toRuntime } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { LinesPanel, RowSpec } from '../../panels/spec.js';
import { fromOn, noneExpected } from '../../panels/thresholds.js';
import { aggregated, rate, share, sum } from '../../promql/expressions.js';

const SIGNALS = ['spans', 'metric_points', 'log_records'] as const;
const common = { links: [toLogs, toRuntime], empty: 'The collector sends no metrics of its own' } as const;
const lossFree = 'None so far: these series begin with the first loss';

/** Three lines, one for each signal. */
function perSignal(stem: string, by: readonly string[], legend: string): LinesPanel['queries'] {
  return SIGNALS.map((signal) => lineOf(sum(rate(`otelcol_${stem}_${signal}_total`), by), `${signal.replace('_', ' ')} ${legend}`.trim()));
}

/** Second stage: the collector, which keeps on disk what a back end does not take. */
export function collectorRow(): RowSpec {
  return { title: '2. Through the collector', panels: [...received(), ...sent(), ...resources()] };
}

function received(): LinesPanel[] {
  return [
    lines({
      ...common,
      title: 'Received per second',
      description:
        'Items that senders delivered. Compare with what the processes exported: the difference comes from other senders, or was lost on the way.',
      unit: 'ops',
      queries: perSignal('receiver_accepted', [], ''),
    }),
    lines({
      ...common,
      title: 'Refused and failed per second',
      description:
        'Refused by the memory limiter or a full queue, or failed inside the collector. Senders retry for a while, and then the items are lost. Give the collector more memory, or add a replica.',
      unit: 'ops',
      queries: [...perSignal('receiver_refused', ['receiver'], 'refused'), ...perSignal('receiver_failed', ['receiver'], 'failed')],
      thresholds: noneExpected,
      empty: lossFree,
    }),
    lines({
      ...common,
      title: 'Refused by the memory limiter, per second',
      description:
        'The collector is near its limit of memory. It recovers by itself when the load falls; otherwise raise the limit, or look for a back end that is not available.',
      unit: 'ops',
      queries: perSignal('processor_memory_limiter_refused', [], ''),
      thresholds: noneExpected,
      empty: lossFree,
    }),
  ];
}

function sent(): LinesPanel[] {
  const size = aggregated('max', selector('otelcol_exporter_queue_size'), ['exporter', 'data_type', 'instance']);
  const capacity = aggregated('max', selector('otelcol_exporter_queue_capacity'), ['exporter', 'data_type', 'instance']);
  return [
    lines({
      ...common,
      title: 'Queues in use, by exporter',
      description:
        'Share of the queue on disk. It fills while a back end is down and drains afterwards. From 0.8 on, something will soon be lost: repair the back end first.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      queries: [lineOf(share(size, capacity), '{{exporter}} {{data_type}}')],
      thresholds: fromOn(0.8),
    }),
    lines({
      ...common,
      title: 'Lost at the queues, per second',
      description: 'Items that did not fit into a full queue. They are lost unless the sender retries. It should always be zero.',
      unit: 'ops',
      queries: perSignal('exporter_enqueue_failed', ['exporter'], '{{exporter}}'),
      thresholds: noneExpected,
      empty: lossFree,
    }),
    lines({
      ...common,
      title: 'Refused by the back ends, per second',
      description:
        'Items that were refused permanently, for instance with HTTP 400. They are lost, and the log of the collector says why. Requests that fail during an outage are not counted here, because they are retried.',
      unit: 'ops',
      queries: perSignal('exporter_send_failed', ['exporter'], '{{exporter}}'),
      thresholds: noneExpected,
      empty: lossFree,
    }),
    lines({
      ...common,
      title: 'Delivered per second, by exporter',
      description: 'Items that the back ends accepted. If this is below what was received for a long time, look at the queues.',
      unit: 'ops',
      queries: perSignal('exporter_sent', ['exporter'], '{{exporter}}'),
    }),
  ];
}

function resources(): LinesPanel[] {
  return [
    lines({
      ...common,
      title: 'Memory of the collectors',
      description: 'Resident memory. The memory limiter starts to refuse before the limit of the container is reached.',
      unit: 'bytes',
      queries: [lineOf(aggregated('max', selector('otelcol_process_memory_rss_bytes'), ['instance']), '{{instance}}')],
    }),
    lines({
      ...common,
      title: 'CPU usage of the collectors',
      description: 'Cores in use. A tenth of a core serves a thousand spans per second.',
      unit: 'none',
      queries: [lineOf(sum(rate('otelcol_process_cpu_seconds_total'), ['instance']), '{{instance}}')],
    }),
  ];
}
