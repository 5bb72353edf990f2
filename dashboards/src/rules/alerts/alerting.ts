import { boards } from '../../boardList.js';
import { selector } from '../../names/selectors.js';
import type { AlertDefinition } from '../alert.js';
import { MINUTE_S } from '../times.js';
import { any } from './any.js';

const ofAlerting = { area: 'alerting', board: boards.telemetry } as const;

/** Whether what alerts depend on works: targets, rules, and the way to whoever is to be told. */
export const alertingAlerts: readonly AlertDefinition[] = [
  {
    ...ofAlerting,
    name: 'TargetDown',
    severity: 'ticket',
    conditions: () => [{ expr: `${selector('up')} == 0` }],
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: Prometheus cannot scrape {{ $labels.instance }}',
    description: 'For five minutes the target has not answered, or not with metrics.',
    runbook: {
      means:
        'Something that Prometheus asks for metrics does not answer: Prometheus itself, Tempo, Loki, Grafana, Alertmanager, or a server that is scraped.',
      users: 'Depends on what it is. If it is a server, its calls probably fail; if a back end, nothing.',
      confirm: 'The page `/targets` of Prometheus has the error of the last attempt.',
      mend: ['Start it, or repair the connection to it.', 'Was it renamed or retired? Take it out of the configuration of Prometheus.'],
      lies: 'A target that answers too slowly counts as down.',
    },
  },
  {
    ...ofAlerting,
    name: 'RuleEvaluationFails',
    severity: 'ticket',
    conditions: (times) => [any('prometheus_rule_evaluation_failures_total', ['rule_group'], times)],
    summary: 'Prometheus failed {{ $value | humanize }} times to evaluate {{ $labels.rule_group }}',
    description: 'A rule that cannot be evaluated never alerts.',
    runbook: {
      means: 'A rule has an error that only its data shows, such as two series where one was expected.',
      users: 'Nothing. An alert may be missing when it is needed.',
      confirm: 'The page `/rules` of Prometheus shows the error beside the rule.',
      mend: [
        'Correct the rule, and add the case to `promtool test rules`.',
        'Is it a timeout or a limit of samples? Then Prometheus is overloaded.',
      ],
      lies: 'A single failure when Prometheus starts is harmless.',
    },
  },
  {
    ...ofAlerting,
    name: 'NotificationsFail',
    severity: 'page',
    conditions: (times) => [
      any('prometheus_notifications_dropped_total', [], times, { stage: 'to Alertmanager' }),
      any('alertmanager_notifications_failed_total', ['integration', 'reason'], times, { stage: 'from Alertmanager' }),
    ],
    keepFiringForS: 5 * MINUTE_S,
    summary: '{{ $value | humanize }} notifications {{ $labels.stage }} were lost',
    description: 'In the last ten minutes, alerts could not be delivered. There may be others that nobody sees.',
    runbook: {
      means: 'Alerts are not delivered: Prometheus cannot reach Alertmanager, or Alertmanager cannot reach its receiver.',
      users: 'Nothing. But nobody is notified when something breaks.',
      mend: [
        'Until it works again, watch the page `/alerts` of Prometheus.',
        'To Alertmanager: is it up, and is its address in the configuration of Prometheus right?',
        'From Alertmanager: its log has the answer of the receiver. Is the secret that holds its address still valid?',
      ],
      lies: 'If no notification is delivered, this one is not either. That is what Watchdog is for.',
    },
  },
  {
    ...ofAlerting,
    name: 'Watchdog',
    severity: 'none',
    conditions: () => [{ expr: 'vector(1)' }],
    summary: 'Alerting works',
    description: 'This alert always fires. The receiver raises the alarm when it stops arriving.',
    runbook: {
      means:
        'If you were sent here because it stopped: Prometheus, Alertmanager or the connection from them is broken, and no other alert can arrive.',
      users: 'Nothing. But nobody is notified when something breaks.',
      mend: [
        'Is Prometheus up, and does its page `/alerts` show Watchdog as firing? If not, repair Prometheus or its rules.',
        'Does Alertmanager show it? If not, repair the connection from Prometheus to Alertmanager.',
        'Otherwise, repair the connection from Alertmanager to the receiver.',
      ],
      lies: 'A receiver with a timeout shorter than `repeat_interval` of the route raises false alarms.',
    },
  },
];
