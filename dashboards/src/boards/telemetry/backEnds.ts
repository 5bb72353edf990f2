import { selector } from '../../names/selectors.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { column, lineOf, lines } from '../../panels/make.js';
import type { LinesPanel, RowSpec, TablePanel } from '../../panels/spec.js';
import { noneExpected } from '../../panels/thresholds.js';
import { aggregated, rate, sum } from '../../promql/expressions.js';

const common = { links: [toLogs], empty: 'The back ends are not scraped: see otel-collector/backends/prometheus.yaml' } as const;

/** Third stage: what the back ends throw away although they took it. */
export function backEndsRow(): RowSpec {
  return { title: '3. Into the back ends', panels: [targets(), ...discards(), ...prometheus()] };
}

function targets(): TablePanel {
  return {
    ...common,
    kind: 'table',
    width: 8,
    title: 'Scraped programs',
    description: '1 is up, 0 is down. A back end that is down loses nothing at first: the collector keeps it on disk.',
    unit: 'none',
    queries: [column(aggregated('min', selector('up'), ['job', 'instance']))],
    headings: { job: 'Program', instance: 'Instance', Value: 'Up' },
  };
}

function discards(): LinesPanel[] {
  return [
    lines({
      ...common,
      title: 'Discarded by Tempo and Loki, per second',
      description:
        'Items that were accepted from the collector and then discarded because of a limit. The reason names the limit to raise in otel-collector/backends/.',
      unit: 'ops',
      queries: [
        lineOf(sum(rate('tempo_discarded_spans_total'), ['reason']), 'spans {{reason}}'),
        lineOf(sum(rate('loki_discarded_samples_total'), ['reason']), 'lines {{reason}}'),
      ],
      thresholds: noneExpected,
      empty: 'Nothing was discarded',
    }),
    lines({
      ...common,
      title: 'Received by Tempo and Loki, per second',
      description: 'Spans and lines that arrived. Compare with what the collector delivered.',
      unit: 'ops',
      queries: [
        lineOf(sum(rate('tempo_distributor_spans_received_total')), 'spans'),
        lineOf(sum(rate('loki_distributor_lines_received_total')), 'lines'),
      ],
    }),
  ];
}

function prometheus(): LinesPanel[] {
  return [
    lines({
      ...common,
      title: 'Samples that Prometheus dropped, per second',
      description:
        'Samples that were out of order or too old. This happens when a queue drains samples that are older than Prometheus’ out-of-order window.',
      unit: 'ops',
      queries: [
        lineOf(sum(rate('prometheus_tsdb_out_of_order_samples_total')), 'out of order'),
        lineOf(sum(rate('prometheus_tsdb_too_old_samples_total')), 'too old'),
        lineOf(sum(rate('prometheus_api_otlp_translation_warnings_total')), 'doubtful OTLP'),
      ],
      thresholds: noneExpected,
    }),
    lines({
      ...common,
      title: 'Rules and notifications that fail, per second',
      description: 'An alert that cannot be evaluated or delivered tells nobody. The logs of Prometheus and Alertmanager say why.',
      unit: 'ops',
      queries: [
        lineOf(sum(rate('prometheus_rule_evaluation_failures_total'), ['rule_group']), 'rule {{rule_group}}'),
        lineOf(sum(rate('prometheus_notifications_dropped_total')), 'not sent to Alertmanager'),
        lineOf(sum(rate('alertmanager_notifications_failed_total'), ['integration']), 'not delivered to {{integration}}'),
      ],
      thresholds: noneExpected,
    }),
    lines({
      title: 'Alerts, pending and firing',
      description:
        'A pending alert fires if its condition lasts. Each alert has a page that says what to do; its address is in the notification.',
      unit: 'short',
      stacked: true,
      queries: [lineOf(aggregated('count', selector('ALERTS'), ['alertname', 'alertstate']), '{{alertname}} {{alertstate}}')],
      links: [toMcp],
      empty: 'No alert, and no watchdog: are the rules loaded?',
    }),
  ];
}
