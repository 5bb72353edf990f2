import { changeOf } from '../settingChange.js';
import type { Rule } from '../rule.js';
import { thresholdVariableOf } from '../thresholdVariables.js';

const LEAST_HOURS = 72;
const LEAST_RUNS = 1000;
const TIMES_BELOW = 10;
const TIMES_ABOVE = 3;
const LEAST_MS = 50;

export const alertTooLoose: Rule = {
  code: 'alert_too_loose',
  title: 'An alert would come late: its threshold is far above anything usual',
  severity: 'info',
  needs: ['highest'],
  when: `in ${LEAST_HOURS} hours or more with ${LEAST_RUNS} calls or statements or more, the alert was never raised, and its threshold is ${TIMES_BELOW} times the highest hourly 95th percentile or more. Only response_time and statement_time are examined`,
  source:
    'ours: usual durations differ between installations, whereas shares of a limit mean the same everywhere; the recommended threshold, three times the worst hour, leaves room for a worse one',
  find: ({ highest = [] }) =>
    highest.flatMap(({ alert, threshold, timesRaised, hours, runs, highestHourlyP95Ms, from, to }) => {
      if (timesRaised > 0 || hours < LEAST_HOURS || runs < LEAST_RUNS || highestHourlyP95Ms * TIMES_BELOW > threshold) return [];
      const wanted = Math.max(LEAST_MS, Math.ceil((highestHourlyP95Ms * TIMES_ABOVE) / 10) * 10);
      if (wanted >= threshold) return [];
      return [
        {
          subject: alert,
          evidence: [
            { name: 'hours with measurements', value: hours, unit: 'h', from, to },
            { name: 'runs', value: runs, unit: 'runs', from, to },
            { name: 'highest 95th percentile of an hour', value: highestHourlyP95Ms, unit: 'ms', from, to },
            { name: 'threshold', value: threshold, unit: 'ms', from: to, to },
          ],
          expectedEffect: `The alert is raised when calls take ${TIMES_ABOVE} times as long as in the worst hour, instead of ${Math.floor(threshold / Math.max(highestHourlyP95Ms, 0.001))} times.`,
          change: changeOf(thresholdVariableOf[alert].variable, threshold, wanted),
          howToCheck: `handoff_alert_transitions_total{handoff_alert_name="${alert}"} does not rise in a usual week.`,
        },
      ];
    }),
};
