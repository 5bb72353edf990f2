import { stringify } from 'yaml';
import type { Firing, Proof } from './proof.js';

const RUNBOOKS = 'https://github.com/handoff-otel/handoff-otel/blob/main/dashboards/runbooks';

/**
 * Returns promtool's test file for a proof.
 *
 * @param ruleFiles paths of the rules.
 * @param groups names of all groups in them, in the order in which they build on each other.
 */
export function testDocument(proof: Proof, ruleFiles: readonly string[], groups: readonly string[]): string {
  const document = {
    rule_files: ruleFiles,
    // Without it promtool evaluates groups in random order, and what builds on a record sees it a step late.
    group_eval_order: groups,
    evaluation_interval: `${String(proof.evaluatedEachMinutes ?? 1)}m`,
    tests: proof.situations.map(({ name, samples, stepMinutes = 1, at }) => ({
      name: `${proof.alert}: ${name}`,
      interval: `${String(stepMinutes * 60)}s`,
      input_series: Object.entries(samples).map(([series, values]) => ({ series, values })),
      alert_rule_test: at.flatMap(({ minute, firing }) =>
        typeof firing === 'number'
          ? []
          : [{ eval_time: `${String(minute)}m`, alertname: proof.alert, exp_alerts: firing.map((each) => expected(proof, each)) }],
      ),
      promql_expr_test: at.flatMap(({ minute, firing }) =>
        typeof firing === 'number'
          ? [{ expr: countOf(proof.alert), eval_time: `${String(minute)}m`, exp_samples: [{ labels: '{}', value: firing }] }]
          : [],
      ),
    })),
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

const countOf = (alert: string): string => `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`;

function expected(proof: Proof, { labels, summary, description }: Firing): Readonly<Record<string, unknown>> {
  return {
    exp_labels: { severity: proof.severity, area: proof.area, ...labels },
    exp_annotations: {
      summary,
      description,
      dashboard_url: `http://127.0.0.1:3001/d/${proof.board}?var-service=${labels['job'] ?? ''}`,
      runbook_url: `${RUNBOOKS}/${proof.alert}.md`,
    },
  };
}
