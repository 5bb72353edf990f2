import { alertDeliveries, alertMetrics } from '../../../../src/telemetry/catalogue/alerts.js';
import type { AlertName } from '../../../../src/telemetry/catalogue/alerts.js';
import { reloadMetrics } from '../../../../src/telemetry/catalogue/reloads.js';
import type { ReloadOutcome } from '../../../../src/telemetry/catalogue/reloads.js';
import {
  ATTR_HANDOFF_ALERT_DELIVERY,
  ATTR_HANDOFF_ALERT_NAME,
  ATTR_HANDOFF_ALERT_TARGET,
  ATTR_HANDOFF_CONFIG_OUTCOME,
} from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { equals, matches, matchesNot, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';

const NOW_S = 5 * MINUTE_S;
const WINDOW_S = 10 * MINUTE_S;
const NAME = labelName(ATTR_HANDOFF_ALERT_NAME);
const TARGET = labelName(ATTR_HANDOFF_ALERT_TARGET);
/** MemoryNearLimit and DiskNearLimit say more of these. */
const TOLD_BY_OTHERS: readonly AlertName[] = ['memory', 'disk'];
const LOST = alertDeliveries.filter((delivery) => delivery !== 'delivered').join('|');
const REFUSED: ReloadOutcome = 'refused';

const ofServer = { severity: 'ticket', board: boards.monitoring } as const;

/** What handoff servers judge by themselves, whom they cannot tell, and settings that they do not take. */
export const thresholdAlerts: readonly AlertDefinition[] = [
  {
    ...ofServer,
    name: 'ThresholdExceeded',
    area: 'service',
    conditions: (times) => {
      const raised = selector(seriesName(alertMetrics.state), [matchesNot(ATTR_HANDOFF_ALERT_NAME, TOLD_BY_OTHERS.join('|'))]);
      return [{ expr: `sum by (${[...SERVICE, NAME].join(', ')}) (last_over_time(${raised}[${times(NOW_S)}])) > 0` }];
    },
    summary: `{{ $labels.job }}: {{ $labels.${NAME} }} is above its threshold (servers: {{ $value | printf "%.0f" }})`,
    description:
      'The servers themselves raised this alert after HANDOFF_ALERT_HOLD_MS, and clear it when the value is well below the threshold again.',
    runbook: {
      means: 'A value of a handoff server is above the threshold in its settings (`HANDOFF_ALERT_…`).',
      users: '`response_time`, `statement_time`: calls are slow. `error_rate`: calls fail. The others: calls are about to become slow.',
      confirm: 'The log record `handoff.alert.raised` has the value, the threshold and what to do.',
      mend: [
        '`response_time`, `statement_time`, `database_pool`: see DatabaseSlow and SlowStatements.',
        '`event_loop`: see EventLoopBusy. `error_rate`: see ToolErrorBurst.',
        'Is the threshold right for this service? The settings can be changed while the server runs (docs/configuration.md).',
      ],
      lies: 'On a server with hardly any calls, a few errors are a high share.',
    },
  },
  {
    ...ofServer,
    name: 'AlertsNotDelivered',
    area: 'alerting',
    conditions: (times) => {
      const lost = selector(seriesName(alertMetrics.notifications), [matches(ATTR_HANDOFF_ALERT_DELIVERY, LOST)]);
      return [{ expr: `${increasedBy([...SERVICE, TARGET], lost, WINDOW_S, times)} > 0` }];
    },
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} notifications to {{ $labels.${TARGET} }} were not delivered`,
    description: 'After several attempts, a handoff server could not deliver an alert of its own to Alertmanager or a webhook.',
    runbook: {
      means:
        'Receivers of the notifications that the servers send themselves were not notified. The alerts of Prometheus are not affected.',
      users: 'Nothing.',
      confirm: 'The log record `handoff.alert.undelivered` has the reason.',
      mend: [
        'Does HANDOFF_ALERTMANAGER_URL or HANDOFF_ALERT_WEBHOOK_URL lead to the receiver from the server?',
        '`401`, `403`: the token or the password in its file is wrong. It is read again for each request.',
        'Alerts that still hold are sent to Alertmanager again each minute; what a webhook missed is only in the log.',
      ],
      lies: 'A receiver that is restarted may miss a notification now and then.',
    },
  },
  {
    ...ofServer,
    name: 'ConfigReloadRefused',
    area: 'service',
    conditions: (times) => {
      const refused = selector(seriesName(reloadMetrics.reloads), [equals(ATTR_HANDOFF_CONFIG_OUTCOME, REFUSED)]);
      return [{ expr: `${increasedBy(SERVICE, refused, WINDOW_S, times)} > 0` }];
    },
    summary: '{{ $labels.job }}: a configuration file was refused {{ $value | printf "%.0f" }} times',
    description: 'A running server read its configuration file again and rejected it. It continues with its present settings.',
    runbook: {
      means: 'HANDOFF_CONFIG_FILE has a mistake. Nothing was changed, and the next start with this file would fail.',
      users: 'Nothing yet.',
      confirm: 'The log record `handoff.config.refused` lists every problem.',
      mend: ['Mend the file, and send SIGHUP to the server. `handoff-otel doctor` finds the same problems before.'],
      lies: 'None: the file was refused. The alert resolves ten minutes later, whether or not the file was corrected.',
    },
  },
];
