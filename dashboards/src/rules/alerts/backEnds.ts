import { boards } from '../../boardList.js';
import { selector } from '../../names/selectors.js';
import type { AlertDefinition } from '../alert.js';
import { any } from './any.js';
import { DAY_S, MINUTE_S } from '../times.js';

const ofBackEnd = { area: 'telemetry', board: boards.telemetry } as const;

/** What the back ends throw away. */
export const backEndAlerts: readonly AlertDefinition[] = [
  {
    ...ofBackEnd,
    name: 'TempoDiscardsSpans',
    severity: 'ticket',
    conditions: (times) => [any('tempo_discarded_spans_total', ['reason'], times)],
    summary: 'Tempo dropped {{ $value | humanize }} spans ({{ $labels.reason }})',
    description: 'In the last ten minutes, Tempo accepted these spans and then dropped them. The collector counts them as sent.',
    runbook: {
      means: 'A limit of Tempo was reached. Only this counter shows it.',
      users: 'Nothing. Traces are missing or have gaps.',
      mend: [
        '`live_traces_exceeded`: raise `max_traces_per_user` in the overrides (0 is no limit).',
        '`trace_too_large`: raise `max_bytes_per_trace`, or find what makes so large a trace.',
        '`rate_limited`: raise `rate_limit_bytes`, or sample more.',
      ],
      lies: 'While a long queue drains after an outage, limits are reached that ordinary traffic never reaches. The spans are lost all the same.',
    },
  },
  {
    ...ofBackEnd,
    name: 'LokiDiscardsLines',
    severity: 'ticket',
    conditions: (times) => [any('loki_discarded_samples_total', ['reason'], times)],
    summary: 'Loki dropped {{ $value | humanize }} lines ({{ $labels.reason }})',
    description: 'In the last ten minutes Loki refused or discarded them.',
    runbook: {
      means: 'A limit of Loki was reached.',
      users: 'Nothing. Logs have gaps.',
      mend: [
        '`too_far_behind`: lines of one stream arrive more out of order than half of `max_chunk_age`.',
        '`rate_limited`, `per_stream_rate_limit`: raise the limit, or log less.',
        '`structured_metadata_too_large`, `line_too_long`: cut at the source, or in the collector.',
      ],
      lies: 'None; but a single invalid line can cause its whole request to be refused.',
    },
  },
  {
    ...ofBackEnd,
    name: 'MetricsTranslationWarns',
    severity: 'info',
    conditions: (times) => [any('prometheus_api_otlp_translation_warnings_total', [], times)],
    forS: 15 * MINUTE_S,
    summary: 'Prometheus had to change or drop {{ $value | humanize }} pushed metrics',
    description: 'Metrics that it received over OTLP have names, kinds or temporality that it had to change or leave out.',
    runbook: {
      means: 'A service pushes metrics that Prometheus cannot represent: delta temporality, two kinds under one name, or colliding labels.',
      users: 'Nothing. The metric is missing or wrong on boards.',
      mend: [
        'The log of Prometheus names the metric. Set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative in its service, or rename it.',
      ],
      lies: 'Versions of Prometheus before 3.14 do not count this, so that this alert never fires there.',
    },
  },
  {
    ...ofBackEnd,
    name: 'MetricsOutOfTime',
    severity: 'ticket',
    conditions: (times) => [
      any('prometheus_tsdb_too_old_samples_total', [], times, { cause: 'too old' }),
      any('prometheus_tsdb_out_of_bound_samples_total', [], times, { cause: 'out of bounds' }),
      any('prometheus_tsdb_out_of_order_samples_total', [], times, { cause: 'out of order' }),
    ],
    summary: 'Prometheus refused {{ $value | humanize }} samples ({{ $labels.cause }})',
    description: 'In the last ten minutes, samples arrived too late. Because of one late sample, Prometheus refuses the whole request.',
    runbook: {
      means:
        'Metrics arrive later than `out_of_order_time_window` allows: after a long outage, from a clock that is wrong, or from two senders of one series.',
      users: 'Nothing. Metrics have gaps.',
      mend: [
        'Is a queue of the collector draining after an outage that was longer than the window? What is older is lost; make the window longer for the next time.',
        'Is a clock wrong? Compare the time on the machines.',
        'Do two processes send the same `service.instance.id`? Each needs its own.',
      ],
      lies: 'A process that was suspended delivers old samples when it wakes up.',
    },
  },
  {
    ...ofBackEnd,
    name: 'SeriesGrowFast',
    severity: 'ticket',
    conditions: (times) => {
      const head = selector('prometheus_tsdb_head_series');
      return [{ expr: `${head} > 20000\nand ${head} > 1.5 * ${head} offset ${times(DAY_S)}` }];
    },
    forS: 30 * MINUTE_S,
    summary: 'Prometheus {{ $labels.instance }} holds {{ $value | humanize }} series, 50 % more than a day ago',
    description: 'Series cost memory. Usually a new label has too many values, or processes are replaced in quick succession.',
    runbook: {
      means: 'The number of time series grows faster than services usually do.',
      users: 'Nothing, until Prometheus runs out of memory.',
      mend: [
        'Which service? `topk(10, count by (job) ({__name__=~".+"}))`. Which metric? `topk(10, count by (__name__) ({job="JOB"}))`.',
        'Is it a label (CardinalityOverflow)? Limit its values. Is it many short-lived processes? Each has its own series: let them live longer, or drop metrics that nobody uses.',
      ],
      lies: 'After a new service was added, the growth is legitimate. The alert fires for a day at most.',
    },
  },
];
