import { changeOf } from '../settingChange.js';
import type { Rule } from '../rule.js';
import { thresholdVariableOf } from '../thresholdVariables.js';

const LEAST_RAISED = 7;
const MOST_MINUTES = 15;
const MOST_ABOVE = 1.25;

export const alertTooTight: Rule = {
  code: 'alert_too_tight',
  title: 'An alert comes and goes: its threshold is within the usual range',
  severity: 'info',
  needs: ['alerts'],
  when: `an alert was raised ${LEAST_RAISED} times or more, its median duration was ${MOST_MINUTES} minutes or less, and the median of the values at which it was raised was ${MOST_ABOVE} times its threshold or less`,
  source:
    'ours: this is once a day. An alert that clears before anybody can act, at a value that hardly exceeds its threshold, teaches people to ignore it',
  find: ({ alerts = [] }) =>
    alerts.flatMap(({ alert, threshold, timesRaised, medianDurationMinutes, medianValue, from, to }) => {
      if (timesRaised < LEAST_RAISED || medianDurationMinutes === null || medianValue === null) return [];
      if (medianDurationMinutes > MOST_MINUTES || medianValue > MOST_ABOVE * threshold) return [];
      const { variable, unit, most } = thresholdVariableOf[alert];
      const wanted = Math.min(most, Math.ceil(Math.max(threshold, medianValue) * MOST_ABOVE));
      if (wanted <= threshold) return [];
      return [
        {
          subject: alert,
          evidence: [
            { name: 'times raised', value: timesRaised, unit: 'times', from, to },
            { name: 'duration, median', value: medianDurationMinutes, unit: 'min', from, to },
            { name: 'figure when raised, median', value: medianValue, unit, from, to },
            { name: 'threshold', value: threshold, unit, from: to, to },
          ],
          expectedEffect: `Of ${timesRaised} alerts in the same time, at least half would not be raised; values far above the threshold still raise one.`,
          change: changeOf(variable, threshold, wanted),
          howToCheck: `handoff_alert_transitions_total{handoff_alert_name="${alert}"} rises fewer than ${LEAST_RAISED} times in the week after.`,
        },
      ];
    }),
};
