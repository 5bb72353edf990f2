import { objectives } from '../../../src/telemetry/catalogue/objectives.js';
import { alertingRules } from './alertingRules.js';
import { alertFiles } from './alerts.js';
import { heapRules } from './alerts/runtime.js';
import { toolRules } from './alerts/tools.js';
import { resumedRule } from './increased.js';
import type { RuleOptions } from './options.js';
import type { RuleGroup } from './rule.js';
import { longWindowRules, shortWindowRules } from './serviceLevels.js';
import { MINUTE_S, timesDividedBy } from './times.js';
import type { Times } from './times.js';

/** A page must not wait long for its rules; what spans days changes slowly, and reads much. */
const INTERVAL_S = 30;
const LONG_INTERVAL_S = 2 * MINUTE_S;

/** Returns all groups of rules, by the name of their file. */
export function ruleGroups(options: RuleOptions = {}): Readonly<Record<string, readonly RuleGroup[]>> {
  const times = timesDividedBy(options.divideTimesBy ?? 1);
  const alerting = Object.entries(alertFiles).map(([file, alerts]): [string, RuleGroup[]] => [
    file,
    [
      {
        name: `handoff-${file}`,
        interval: atLeastASecond(INTERVAL_S, times),
        rules: alerts.flatMap((alert) => alertingRules(alert, times, options)),
      },
    ],
  ]);
  return { recording: recordingGroups(times), ...Object.fromEntries(alerting) };
}

function recordingGroups(times: Times): RuleGroup[] {
  const ofObjectives = Object.values(objectives).flatMap((objective): RuleGroup[] => [
    {
      name: `handoff-${objective.id.replaceAll('_', '-')}-hours`,
      interval: atLeastASecond(INTERVAL_S, times),
      rules: shortWindowRules(objective, times),
    },
    {
      name: `handoff-${objective.id.replaceAll('_', '-')}-days`,
      interval: atLeastASecond(LONG_INTERVAL_S, times),
      rules: longWindowRules(objective, times),
    },
  ]);
  return [
    { name: 'handoff-resumed', interval: atLeastASecond(INTERVAL_S, times), rules: [resumedRule(times)] },
    ...ofObjectives,
    { name: 'handoff-tools', interval: atLeastASecond(INTERVAL_S, times), rules: toolRules(times) },
    { name: 'handoff-heap', interval: atLeastASecond(INTERVAL_S, times), rules: heapRules(times) },
  ];
}

/** However much a test shortens the rest: evaluating all rules more often than that shows nothing new. */
function atLeastASecond(seconds: number, times: Times): string {
  const duration = times(seconds);
  return duration.endsWith('ms') ? '1s' : duration;
}
