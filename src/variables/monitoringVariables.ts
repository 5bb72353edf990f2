import { fraction, text, url, wholeNumber } from './kinds.js';
import { Unset, reloadable, variable } from './variable.js';

/** Of Streamable HTTP; on stdio there is no admin port unless its number is set. */
export const DEFAULT_ADMIN_PORT = 9464;

/** Where a server is asked how it is. */
export const adminVariables = {
  HANDOFF_ADMIN_HOST: variable(text(253), '127.0.0.1', 'Address of `/metrics`, `/livez`, `/readyz` and `/health`.'),
  HANDOFF_ADMIN_PORT: variable(
    wholeNumber(0, 65_535, 'port'),
    new Unset(`\`${DEFAULT_ADMIN_PORT}\` with Streamable HTTP; off on stdio`),
    '0 picks a free port. If the port is taken, this is reported and the server continues without the endpoint.',
  ),
  HANDOFF_LIVENESS_TIMEOUT_MS: variable(
    wholeNumber(1000, 3_600_000, 'ms'),
    10_000,
    '`/livez` answers 503 when the main thread has not responded for this long. A restart because of this cuts off running calls, so set it longer than any stall that you can tolerate.',
  ),
};

/** How often it looks at itself. */
export const monitoringVariables = {
  HANDOFF_HEALTH_CHECK_INTERVAL_MS: reloadable(
    variable(
      wholeNumber(1000, 3_600_000, 'ms'),
      30_000,
      'How often each healthy part of the server is checked. An unhealthy or degraded part is checked every 5 s. A result older than three intervals counts as stale.',
    ),
  ),
  HANDOFF_METRICS_COLLECTION_INTERVAL_MS: reloadable(
    variable(
      wholeNumber(1000, 3_600_000, 'ms'),
      60_000,
      'How often the process collects its measurements, writes them to the database, and compares them with the thresholds.',
    ),
  ),
};

/** What happened, added up. */
export const analyticsVariables = {
  HANDOFF_ANALYTICS_AGGREGATION_INTERVAL_MINUTES: reloadable(
    variable(
      wholeNumber(1, 60, 'min'),
      1,
      'How often new rows are added up by minutes, hours, days and months. Reports contain everything up to one or two minutes before the last time. An interval that `update_job_config` has set for the job `analytics-rollup` takes precedence.',
    ),
  ),
  HANDOFF_ANALYTICS_TREND_WINDOW_DAYS: reloadable(
    variable(
      wholeNumber(1, 365, 'days'),
      30,
      'Trends and seasonal patterns are calculated from this many days at the end of a range, and anomalies are listed for this long after they have ended.',
    ),
  ),
  HANDOFF_ANALYTICS_ANOMALY_SENSITIVITY: reloadable(
    variable(
      fraction,
      0.5,
      'How sensitive anomaly detection is, as the number of false alarms to expect from each series: from one in twenty weeks at 0, over one in two weeks at 0.5, to five a week at 1. See [analytics.md](analytics.md#anomalies).',
    ),
  ),
};

/** Where what a server tells is looked at. */
export const dashboardVariables = {
  HANDOFF_GRAFANA_URL: variable(
    url('http', 'https'),
    new Unset('none: no links'),
    'Address of Grafana with the boards of this package. Anomalies then have a link to the board at their time. A user and a password in it are left out of links.',
  ),
};
