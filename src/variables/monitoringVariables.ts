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
    '`/livez` answers 503 when the main thread has given no sign of life for longer. Whoever restarts the server for that ends its calls, so it must be longer than any stall that is to be borne.',
  ),
};

/** How often it looks at itself. */
export const monitoringVariables = {
  HANDOFF_HEALTH_CHECK_INTERVAL_MS: reloadable(
    variable(
      wholeNumber(1000, 3_600_000, 'ms'),
      30_000,
      'How often each part of the server that is healthy is looked at. One that is not is looked at every 5 s. A result older than three intervals counts as stale.',
    ),
  ),
  HANDOFF_METRICS_COLLECTION_INTERVAL_MS: reloadable(
    variable(
      wholeNumber(1000, 3_600_000, 'ms'),
      60_000,
      'How often the process takes a snapshot of what it takes and measures, writes it into the database, and compares it with the thresholds.',
    ),
  ),
};

/** What happened, added up. */
export const analyticsVariables = {
  HANDOFF_ANALYTICS_AGGREGATION_INTERVAL_MINUTES: reloadable(
    variable(
      wholeNumber(1, 60, 'min'),
      1,
      'How often new rows are added up to minutes, hours, days and months. Reports tell of everything until the last time, less one to two minutes. An interval that `update_job_config` has set for the job `analytics-rollup` overrules it.',
    ),
  ),
  HANDOFF_ANALYTICS_TREND_WINDOW_DAYS: reloadable(
    variable(
      wholeNumber(1, 365, 'days'),
      30,
      'How many of the last days of a range trends and seasons are calculated from, and for how long anomalies are told after they have ended.',
    ),
  ),
  HANDOFF_ANALYTICS_ANOMALY_SENSITIVITY: reloadable(
    variable(
      fraction,
      0.5,
      'How many false alarms each series may give that is watched for anomalies: from one in twenty weeks at 0 to five a week at 1; 0.5 is one in two weeks. See docs/analytics.md.',
    ),
  ),
};

/** Where what a server tells is looked at. */
export const dashboardVariables = {
  HANDOFF_GRAFANA_URL: variable(
    url('http', 'https'),
    new Unset('none: no links'),
    'Where Grafana is, with the boards of this package: anomalies are linked to the board of their time. A user and a password in it are left out of links.',
  ),
};
