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
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} series with an anomaly of high severity ({{ $labels.${ANOMALY} }})`,
    description:
      'The service detected it in its own data, by comparing each series with its history. It means that something is unusual, not that it is harmful, and it does not say why.',
    runbook: {
      means: 'A series of the service does what a healthy one does less than once in 20 weeks.',
      users: 'That depends on the series: calls may be slow or fail, or there may be no calls at all.',
      confirm:
        'The log record `handoff.anomaly.began` says what is unusual, since when, how far it is from the expected value, and which traces show it. `handoff-otel report anomalies` shows it, too.',
      mend: [
        'Does another alert fire, such as DatabaseSlow, ToolErrorBurst or MainThreadStalls? It says more about the cause.',
        '`tool_latency` and `tool_error_rate`: open the traces that the record names, and the board Handoffs at that time.',
        '`tool_calls` or `handoff_requests` below what was expected: do clients reach the server? Was a client changed?',
        'Was it intended (a release, a load test, a holiday)? It ends by itself within hours, once the detector has learned the new values.',
      ],
      lies: 'With 30 series, expect three of this severity in two weeks although nothing is wrong. After a lasting change, the new values are an anomaly until they are learned. Requests of clients that cannot succeed count as failures as well.',
    },
  },
  {
    ...ofAnalytics,
    name: 'AnomalyDetectionLags',
    conditions: (times) => [{ expr: `${latest([], selector(seriesName(anomalyMetrics.lag)), times)} > ${String(analyticsLimits.lagS)}` }],
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: anomaly detection is {{ $value | humanizeDuration }} behind',
    description:
      'Five-minute buckets are waiting to be examined: anomalies in them are not known yet, and AnomalyOpen cannot fire for them.',
    runbook: {
      means: 'Anomaly detection does not run, fails, or waits for rollups.',
      users: 'Nothing. Anomalies are reported late.',
      confirm: 'get_job_status says when `analytics-anomalies` last ran, and with what result.',
      mend: [
        'Does RollupLags fire? Then deal with that first: only rollups can be examined.',
        'Did somebody switch the job `analytics-anomalies` off (`enabled: false`)? update_job_config switches it on.',
        'Does JobFails fire for it? The log record `handoff.job.run` has the code.',
        'As a last resort, run `DELETE FROM analytics_detectors`. The detectors then learn the last eight days again, which takes seconds, and report the anomalies in them.',
      ],
      lies: 'In the first minutes after all servers were down for hours, it resolves by itself.',
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
    description: 'Reports do not include that time, anomalies in it are not detected, and log partitions that are due are not dropped.',
    runbook: {
      means: 'Rollups are not being updated.',
      users: 'Reports of analytics are out of date. Later, storage grows: log partitions wait for their rollup, for up to 30 days.',
      confirm: 'get_job_status says when `analytics-rollup` last ran, and with what result (`isComplete`).',
      mend: [
        'Are all kinds behind? Look for a transaction that stays open: `SELECT pid, xact_start, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start`, and `pg_prepared_xacts`. End the oldest one that nobody needs.',
        'Did somebody switch the job `analytics-rollup` off (`enabled: false`)? update_job_config switches it on.',
        'Does JobFails fire for it? The log record `handoff.job.run` has the code.',
        'Is it a backlog of many rows? `handoff-otel analytics backfill` adds them up at once, and shows its progress.',
      ],
      lies: 'At the first start, and after servers were down for days, it resolves by itself within minutes.',
    },
  },
];
