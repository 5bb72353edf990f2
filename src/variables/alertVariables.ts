import { flag, text, token, urls, wholeNumber } from './kinds.js';
import { Unset, reloadable, variable } from './variable.js';

const percent = wholeNumber(0, 100, '%');
const milliseconds = wholeNumber(0, 3_600_000, 'ms');

/** From when on somebody should know. What each figure is, and how it is judged, is in docs/monitoring.md. */
export const thresholdVariables = {
  HANDOFF_ALERT_RESPONSE_TIME_MS: reloadable(
    variable(
      milliseconds,
      1000,
      'Alerts when the 95th percentile of the duration of calls in an interval is this long or longer. 0 switches the alert off.',
    ),
  ),
  HANDOFF_ALERT_ERROR_RATE_PERCENT: reloadable(
    variable(percent, 5, 'Alerts when this share of the calls of an interval failed inside the server. 0 switches the alert off.'),
  ),
  HANDOFF_ALERT_STATEMENT_TIME_MS: reloadable(
    variable(
      milliseconds,
      1000,
      'Alerts when the 95th percentile of the duration of one SQL statement in an interval is this long or longer. 0 switches the alert off.',
    ),
  ),
  HANDOFF_ALERT_MEMORY_PERCENT: reloadable(
    variable(
      percent,
      80,
      'Alerts when the process takes this share of the memory limit of its container, or of the limit of the JavaScript heap. 0 switches the alert off.',
    ),
  ),
  HANDOFF_ALERT_DISK_PERCENT: reloadable(
    variable(percent, 85, 'Alerts when the file system of the data folder is this full. 0 switches the alert off.'),
  ),
  HANDOFF_ALERT_POOL_PERCENT: reloadable(
    variable(
      percent,
      90,
      'Alerts when this share of the connections of HANDOFF_PG_POOL_SIZE is in use. Calls that wait for one count as well. 0 switches the alert off.',
    ),
  ),
  HANDOFF_ALERT_EVENT_LOOP_PERCENT: reloadable(
    variable(percent, 90, 'Alerts when the main thread was busy for this share of the time. 0 switches the alert off.'),
  ),
  HANDOFF_ALERT_HOLD_MS: reloadable(
    variable(
      wholeNumber(0, 86_400_000, 'ms'),
      60_000,
      'How long a value must be above its threshold before an alert is raised, and below it before the alert is cleared.',
    ),
  ),
  HANDOFF_ALERT_CLEAR_PERCENT: reloadable(
    variable(
      wholeNumber(1, 100, '%'),
      90,
      'An alert is only cleared below this percentage of its threshold, so that a value around the threshold raises it only once.',
    ),
  ),
};

/** Who is told. */
export const alertTargetVariables = {
  HANDOFF_ALERTMANAGER_URL: reloadable(
    variable(
      urls('http', 'https'),
      new Unset('none'),
      'Address of Alertmanager; alerts are posted to `/api/v2/alerts` below it. Name every member of a cluster, separated by commas.',
    ),
  ),
  HANDOFF_ALERTMANAGER_BEARER_TOKEN_FILE: reloadable(
    variable(text(1024), new Unset('none'), 'File with the token for Alertmanager. It is read again for each request.'),
  ),
  HANDOFF_ALERTMANAGER_BASIC_AUTH_FILE: reloadable(
    variable(
      text(1024),
      new Unset('none'),
      'File with `user:password` for Alertmanager. It is read again for each request, and not used if there is a token.',
    ),
  ),
  HANDOFF_ALERT_WEBHOOK_URL: reloadable(
    variable(
      urls('http', 'https'),
      new Unset('none'),
      'Addresses to which each alert and each recovery is posted as JSON, separated by commas.',
    ),
  ),
  HANDOFF_ALERT_WEBHOOK_SECRET: reloadable(
    variable(
      token(16, 4096),
      new Unset('none: requests are not signed'),
      'Key of the signature in the header `Handoff-Signature` (HMAC-SHA256), by which the receiver can verify the sender.',
    ),
  ),
  HANDOFF_ALERT_TIMEOUT_MS: reloadable(
    variable(wholeNumber(100, 60_000, 'ms'), 5000, 'Time limit for one request to a target, after which it is retried.'),
  ),
};

/** What is done when memory runs short. */
export const memoryVariables = {
  HANDOFF_MEMORY_COLLECTION: reloadable(
    variable(
      flag,
      true,
      'Whether a garbage collection is started when memory use is above HANDOFF_ALERT_MEMORY_PERCENT. It stops the main thread while it runs. The memory report is written either way.',
    ),
  ),
  HANDOFF_MEMORY_COLLECTION_INTERVAL_MS: reloadable(
    variable(
      wholeNumber(60_000, 86_400_000, 'ms'),
      900_000,
      'Minimum time between two such collections and reports. After a collection that freed next to nothing, it is four times as long.',
    ),
  ),
};
