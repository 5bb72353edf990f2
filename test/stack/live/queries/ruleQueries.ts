import { ruleGroups } from '../../../../dashboards/src/rules/groups.js';
import { DIVIDE_TIMES_BY } from '../timing.js';
import type { NamedQuery } from './namedQuery.js';

/** What every recording rule recorded. Alerts are not asked for: the faults show what they return. */
export function recordedQueries(): NamedQuery[] {
  const records = Object.values(ruleGroups({ divideTimesBy: DIVIDE_TIMES_BY }))
    .flat()
    .flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
  return [...new Set(records)].map((record) => ({ group: 'recording rules', title: record, text: record, legendLabels: [] }));
}
