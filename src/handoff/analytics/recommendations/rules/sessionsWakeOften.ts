import { retentionCommand } from '../retentionChange.js';
import type { Rule } from '../rule.js';

const LEAST_FELL_ASLEEP = 50;
const LEAST_WOKE_SHARE = 0.3;
const TIMES = 2;

export const sessionsWakeOften: Rule = {
  code: 'sessions_wake_often',
  title: 'Sessions of a policy count as dormant too soon',
  severity: 'info',
  needs: ['sessions'],
  when: `of ${LEAST_FELL_ASLEEP} or more sessions of a policy that became dormant, ${LEAST_WOKE_SHARE * 100} % or more became active again, and dormantThresholdHours is below activeSessionTtl`,
  source: 'ours: a session that becomes dormant leaves the cache, and is read from the database when it becomes active again',
  find: ({ sessions = [] }) =>
    sessions
      .filter(
        ({ policy, fellAsleep, wokeUp }) =>
          fellAsleep >= LEAST_FELL_ASLEEP &&
          wokeUp >= LEAST_WOKE_SHARE * fellAsleep &&
          policy.dormantThresholdHours < policy.activeSessionTtl,
      )
      .toSorted((a, b) => b.wokeUp - a.wokeUp)
      .map(({ policy, fellAsleep, wokeUp, from, to }) => {
        const hours = Math.min(policy.activeSessionTtl, TIMES * policy.dormantThresholdHours);
        return {
          subject: policy.name,
          evidence: [
            { name: 'sessions that became dormant', value: fellAsleep, unit: 'sessions', from, to },
            { name: 'sessions that became active again', value: wokeUp, unit: 'sessions', from, to },
            { name: 'dormantThresholdHours', value: policy.dormantThresholdHours, unit: 'h', from: to, to },
          ],
          expectedEffect: `Up to ${wokeUp} fewer sessions in the same time are removed from the cache only to be read again.`,
          change: { kind: 'command' as const, text: retentionCommand(policy.name, '--dormant-hours', hours) },
          howToCheck: `Of the sessions that become dormant in the week after, fewer than ${LEAST_WOKE_SHARE * 100} % become active again.`,
        };
      }),
};
