import { analyticsMetrics } from '../../../../src/telemetry/catalogue/analytics.js';
import { anomalyMetrics } from '../../../../src/telemetry/catalogue/anomalies.js';
import { analyticsLimits } from '../../../../src/telemetry/catalogue/objectives.js';
import { ATTR_HANDOFF_ANOMALY_KIND, ATTR_HANDOFF_ANOMALY_SEVERITY, ATTR_HANDOFF_ROLLUP_KIND } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { equals, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { SERVICE } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';
import type { Times } from '../times.js';

const ANOMALY = labelName(ATTR_HANDOFF_ANOMALY_KIND);
const ROLLUP = labelName(ATTR_HANDOFF_ROLLUP_KIND);
const NOW_S = 5 * MINUTE_S;

const ofAnalytics = { severity: 'ticket', area: 'service', board: boards.lifecycle } as const;

/** What any process has said last: all of them look at the same database. */
function latest(by: readonly string[], series: string, times: Times): string {
  return `max by (${[...SERVICE, ...by].join(', ')}) (last_over_time(${series}[${times(NOW_S)}]))`;
}

export const analyticsAlerts: readonly AlertDefinition[] = [
  {
    ...ofAnalytics,
    name: 'AnomalyOpen',
    conditions: (times) => {
      const open = selector(seriesName(anomalyMetrics.open), [equals(ATTR_HANDOFF_ANOMALY_SEVERITY, analyticsLimits.alertedSeverity)]);
      return [{ expr: `${latest([ANOMALY], open, times)} > 0` }];
    },
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} series behave as they hardly ever did ({{ $labels.${ANOMALY} }})`,
    description:
      'The service found it in its own rows, by the history of each series. It says that something is unusual, and neither that it is harmful nor why.',
    runbook: {
      means: 'A series of the service does what a healthy one does less than once in 20 weeks.',
      users: 'That depends on the series: calls may be slow or fail, or nobody may call at all.',
      confirm:
        'The log record `handoff.anomaly.began` says what, since when, how far from what was expected, and which traces show it. `detectAnomalies()` has the buckets too, and `analytics_anomalies` is its table.',
      mend: [
        'Does another alert fire, such as DatabaseSlow, ToolErrorBurst or MainThreadStalls? It says more about the cause.',
        '`tool_latency` and `tool_error_rate`: open the traces that the record names, and the board Handoffs at that time.',
        '`tool_calls` or `handoff_requests` below what was expected: do clients reach the server? Was a client changed?',
        'Was it on purpose (a release, a load test, a holiday)? It ends by itself within hours, when the series knows it.',
      ],
      lies: 'With 30 series three of this severity are expected in two weeks although nothing is wrong. After a change of what is usual, the new state is an anomaly until it is learned. What clients ask for that cannot be counts as failed as well.',
    },
  },
  {
    ...ofAnalytics,
    name: 'AnomalyDetectionLags',
    conditions: (times) => [{ expr: `${latest([], selector(seriesName(anomalyMetrics.lag)), times)} > ${String(analyticsLimits.lagS)}` }],
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: nothing has been looked at for anomalies for {{ $value | humanizeDuration }}',
    description:
      'Buckets of five minutes wait that no detector has judged: anomalies since then are unknown, and AnomalyOpen says nothing of them.',
    runbook: {
      means: 'The detectors of anomalies do not run, fail, or wait for rollups.',
      users: 'Nothing. What becomes unusual is told late.',
      confirm: 'get_job_status says when `analytics-anomalies` last ran, and with what result.',
      mend: [
        'Does RollupLags fire? Mend that: what is not rolled up cannot be judged.',
        'Did somebody switch the job `analytics-anomalies` off (`enabled: false`)? update_job_config switches it on.',
        'Does JobFails fire for it? The log record `handoff.job.run` has the code.',
        'Is `DELETE FROM analytics_detectors` the only way out? The detectors then learn the last eight days anew, which takes seconds, and what they find there is told.',
      ],
      lies: 'In the first minutes after all servers were down for hours it is true, and passes by itself.',
    },
  },
  {
    ...ofAnalytics,
    name: 'RollupLags',
    conditions: (times) => [
      { expr: `${latest([ROLLUP], selector(seriesName(analyticsMetrics.lag)), times)} > ${String(analyticsLimits.lagS)}` },
    ],
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: rollups of {{ $labels.${ROLLUP} }} are {{ $value | humanizeDuration }} behind`,
    description: 'Reports say nothing of that time, anomalies in it are not found, and partitions of logs that are due are not dropped.',
    runbook: {
      means: 'What happens is not added up.',
      users: 'Reports of analytics are out of date. Later, storage grows: log partitions wait for their rollup, for up to 30 days.',
      confirm: 'get_job_status says when `analytics-rollup` last ran, and with what result (`isComplete`).',
      mend: [
        'Are all kinds behind? Look for a transaction that stays open: `SELECT pid, xact_start, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start`, and `pg_prepared_xacts`. End the oldest one that nobody needs.',
        'Did somebody switch the job `analytics-rollup` off (`enabled: false`)? update_job_config switches it on.',
        'Does JobFails fire for it? The log record `handoff.job.run` has the code.',
        'Is it a backlog of many rows? `handoff-otel analytics rebuild --from TIME` adds up at once, and shows how far it is.',
      ],
      lies: 'At the first start, and after servers were down for days, it works itself off within minutes.',
    },
  },
];
