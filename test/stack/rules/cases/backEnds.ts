import { countedSituations } from '../harness/counted.js';
import { levelSituations } from '../harness/level.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Firing, Proof } from '../harness/proof.js';

const PROMETHEUS = 'job="prometheus",instance="p-1"';
const labels = { job: 'prometheus', instance: 'p-1' };
const ofBackEnd = { severity: 'ticket', area: 'telemetry', board: 'handoff-telemetry' } as const;
const ofAlerting = { ...ofBackEnd, area: 'alerting' } as const;

/** Anything that is counted fires, for as long as it is within ten minutes. */
const any = (
  proof: Omit<Proof, 'situations'>,
  series: string,
  firing: Firing,
  times: { readonly forMinutes?: number; readonly keepMinutes?: number } = {},
): Proof => ({ ...proof, situations: countedSituations({ series, least: 1, windowMinutes: 10, firing, ...times }) });

const outOfTime = (metric: string, cause: string): Proof =>
  any({ ...ofBackEnd, alert: 'MetricsOutOfTime' }, `prometheus_tsdb_${metric}_samples_total{${PROMETHEUS},type="float"}`, {
    labels: { ...labels, cause },
    summary: `Prometheus refused 1 samples (${cause})`,
    description: 'In the last ten minutes, samples arrived too late. Because of one late sample, Prometheus refuses the whole request.',
  });

const lost = 'In the last ten minutes, alerts could not be delivered. There may be others that nobody sees.';
const head = `prometheus_tsdb_head_series{${PROMETHEUS}}`;
const grown = (value: string): Firing => ({
  labels,
  summary: `Prometheus p-1 holds ${value} series, 50 % more than a day ago`,
  description: 'Series cost memory. Usually a new label has too many values, or processes are replaced in quick succession.',
});

export const backEndProofs: readonly Proof[] = [
  any(
    { ...ofBackEnd, alert: 'TempoDiscardsSpans' },
    'tempo_discarded_spans_total{job="tempo",instance="t-1",reason="live_traces_exceeded",tenant="single-tenant"}',
    {
      labels: { job: 'tempo', instance: 't-1', reason: 'live_traces_exceeded' },
      summary: 'Tempo dropped 1 spans (live_traces_exceeded)',
      description: 'In the last ten minutes, Tempo accepted these spans and then dropped them. The collector counts them as sent.',
    },
  ),
  any(
    { ...ofBackEnd, alert: 'LokiDiscardsLines' },
    'loki_discarded_samples_total{job="loki",instance="l-1",reason="too_far_behind",tenant="fake"}',
    {
      labels: { job: 'loki', instance: 'l-1', reason: 'too_far_behind' },
      summary: 'Loki dropped 1 lines (too_far_behind)',
      description: 'In the last ten minutes Loki refused or discarded them.',
    },
  ),
  {
    ...ofBackEnd,
    severity: 'info',
    alert: 'MetricsTranslationWarns',
    situations: [
      {
        name: 'it goes on for a quarter of an hour',
        samples: { [`prometheus_api_otlp_translation_warnings_total{${PROMETHEUS}}`]: '0x69 1+1x20 21x200' },
        at: [silent(84), firesSomehow(85), firesSomehow(98), silent(102)],
      },
      {
        name: 'it begins with the first warning, and there is none after it',
        samples: { [`prometheus_api_otlp_translation_warnings_total{${PROMETHEUS}}`]: '_x70 1 1 1 1 1 1 1 1 2x100' },
        at: [silent(84), firesSomehow(85), silent(90)],
      },
      {
        name: 'it ends before a quarter of an hour is over',
        samples: { [`prometheus_api_otlp_translation_warnings_total{${PROMETHEUS}}`]: '_x70 1x100' },
        at: [silent(79), silent(85), silent(90)],
      },
      {
        name: 'the series is missing for a while, and warnings go on',
        samples: { [`prometheus_api_otlp_translation_warnings_total{${PROMETHEUS}}`]: '5x20 _x49 6x100' },
        at: [silent(85), silent(90)],
      },
      { name: 'there is no such series', samples: {}, at: [silent(90)] },
    ],
  },
  outOfTime('too_old', 'too old'),
  outOfTime('out_of_bound', 'out of bounds'),
  outOfTime('out_of_order', 'out of order'),
  {
    ...ofBackEnd,
    alert: 'SeriesGrowFast',
    evaluatedEachMinutes: 5,
    situations: [
      {
        name: 'more than half as many again, for a day',
        samples: { [head]: '14000x288 21001x600' },
        stepMinutes: 5,
        at: [silent(1470), fires(1475, grown('21k')), fires(2880, grown('21k')), silent(2890)],
      },
      { name: 'half as many again', samples: { [head]: '14000x288 21000x600' }, stepMinutes: 5, at: [silent(1480), silent(2000)] },
      {
        name: 'twice as many, but only 20,000',
        samples: { [head]: '10000x288 20000x600' },
        stepMinutes: 5,
        at: [silent(1480), silent(2000)],
      },
      { name: 'a little more than 20,000', samples: { [head]: '10000x288 20010x600' }, stepMinutes: 5, at: [fires(1480, grown('20.01k'))] },
      { name: 'nothing is known of the day before', samples: { [head]: '30000x200' }, stepMinutes: 5, at: [silent(500)] },
      { name: 'there is no such series', samples: {}, at: [silent(500)] },
    ],
  },
  {
    ...ofAlerting,
    alert: 'TargetDown',
    situations: levelSituations({
      samples: (values) => ({ 'up{job="tempo",instance="t-1"}': values }),
      quiet: 1,
      above: 0,
      below: 1,
      forMinutes: 5,
      firing: {
        labels: { job: 'tempo', instance: 't-1' },
        summary: 'tempo: Prometheus cannot scrape t-1',
        description: 'For five minutes the target has not answered, or not with metrics.',
      },
    }),
  },
  any(
    { ...ofAlerting, alert: 'RuleEvaluationFails' },
    `prometheus_rule_evaluation_failures_total{${PROMETHEUS},rule_group="rules.yaml;handoff-services"}`,
    {
      labels: { ...labels, rule_group: 'rules.yaml;handoff-services' },
      summary: 'Prometheus failed 1 times to evaluate rules.yaml;handoff-services',
      description: 'A rule that cannot be evaluated never alerts.',
    },
  ),
  any(
    { ...ofAlerting, severity: 'page', alert: 'NotificationsFail' },
    `prometheus_notifications_dropped_total{${PROMETHEUS}}`,
    { labels: { ...labels, stage: 'to Alertmanager' }, summary: '1 notifications to Alertmanager were lost', description: lost },
    { keepMinutes: 5 },
  ),
  any(
    { ...ofAlerting, severity: 'page', alert: 'NotificationsFail' },
    'alertmanager_notifications_failed_total{job="alertmanager",instance="a-1",integration="webhook",reason="serverError"}',
    {
      labels: { job: 'alertmanager', instance: 'a-1', integration: 'webhook', reason: 'serverError', stage: 'from Alertmanager' },
      summary: '1 notifications from Alertmanager were lost',
      description: lost,
    },
    { keepMinutes: 5 },
  ),
  {
    ...ofAlerting,
    severity: 'none',
    alert: 'Watchdog',
    situations: [
      {
        name: 'it always fires',
        samples: {},
        at: [0, 60].map((minute) =>
          fires(minute, {
            labels: {},
            summary: 'Alerting works',
            description: 'This alert always fires. The receiver raises the alarm when it stops arriving.',
          }),
        ),
      },
    ],
  },
];
