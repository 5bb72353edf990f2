import type { AlertDefinition } from './alert.js';
import { GRAFANA_URL, RUNBOOKS_URL } from './options.js';
import type { RuleOptions } from './options.js';
import type { AlertingRule } from './rule.js';
import type { Times } from './times.js';

/** Returns the rules of an alert as Prometheus reads them. */
export function alertingRules(alert: AlertDefinition, times: Times, options: RuleOptions): AlertingRule[] {
  const { forS = 0, keepFiringForS = 0 } = alert;
  return alert.conditions(times).map(({ expr, labels }) => ({
    alert: alert.name,
    expr,
    ...(forS === 0 ? {} : { for: times(forS) }),
    ...(keepFiringForS === 0 ? {} : { keep_firing_for: times(keepFiringForS) }),
    labels: { severity: alert.severity, area: alert.area, ...labels },
    annotations: {
      summary: withLabels(alert.summary, labels),
      description: withLabels(alert.description, labels),
      dashboard_url: `${options.grafanaUrl ?? GRAFANA_URL}/d/${alert.board.uid}?var-service={{ $labels.job | urlquery }}`,
      runbook_url: `${options.runbooksUrl ?? RUNBOOKS_URL}/${alert.name}.md`,
    },
  }));
}

/** In a template of Prometheus, `$labels` are those of the data only: labels that the rule itself adds are put in here. */
function withLabels(template: string, labels: Readonly<Record<string, string>> = {}): string {
  return Object.entries(labels).reduce((text, [key, value]) => text.replaceAll(`{{ $labels.${key} }}`, value), template);
}
