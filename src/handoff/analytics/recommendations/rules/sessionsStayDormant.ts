import { retentionCommand } from '../retentionChange.js';
import type { Rule } from '../rule.js';

const LEAST_SESSIONS = 100;
const LEAST_DORMANT_SHARE = 0.5;
const LEAST_FELL_ASLEEP = 50;
const MOST_WOKE_SHARE = 0.05;
const TTL_PER_THRESHOLD = 2;

export const sessionsStayDormant: Rule = {
  code: 'sessions_stay_dormant',
  title: 'Most sessions of a policy are dormant, and hardly any comes back',
  severity: 'info',
  needs: ['sessions'],
  when: `a policy has ${LEAST_SESSIONS} live sessions or more, ${LEAST_DORMANT_SHARE * 100} % or more of them are dormant, ${LEAST_FELL_ASLEEP} or more became dormant of which ${MOST_WOKE_SHARE * 100} % or fewer became active again, and activeSessionTtl is more than ${TTL_PER_THRESHOLD} times dormantThresholdHours`,
  source: 'ours: if only one in twenty becomes active again, an earlier expiry ends hardly any session that somebody still needs',
  find: ({ sessions = [] }) =>
    sessions
      .filter(
        ({ policy, liveSessions, dormantSessions, fellAsleep, wokeUp }) =>
          liveSessions >= LEAST_SESSIONS &&
          dormantSessions >= LEAST_DORMANT_SHARE * liveSessions &&
          fellAsleep >= LEAST_FELL_ASLEEP &&
          wokeUp <= MOST_WOKE_SHARE * fellAsleep &&
          policy.activeSessionTtl > TTL_PER_THRESHOLD * policy.dormantThresholdHours,
      )
      .toSorted((a, b) => b.dormantSessions - a.dormantSessions)
      .map(({ policy, liveSessions, dormantSessions, fellAsleep, wokeUp, from, to }) => {
        const ttlHours = TTL_PER_THRESHOLD * policy.dormantThresholdHours;
        return {
          subject: policy.name,
          evidence: [
            { name: 'live sessions', value: liveSessions, unit: 'sessions', from: to, to },
            { name: 'dormant sessions', value: dormantSessions, unit: 'sessions', from: to, to },
            { name: 'sessions that became dormant', value: fellAsleep, unit: 'sessions', from, to },
            { name: 'sessions that became active again', value: wokeUp, unit: 'sessions', from, to },
          ],
          expectedEffect: `Sessions of ${policy.name} expire after ${ttlHours} hours without activity instead of ${policy.activeSessionTtl}, and are archived by their policy: up to ${dormantSessions} fewer live sessions.`,
          change: { kind: 'command' as const, text: retentionCommand(policy.name, '--active-hours', ttlHours) },
          howToCheck: `Fewer than ${LEAST_DORMANT_SHARE * 100} % of the live sessions of the policy are dormant after ${ttlHours} hours, and nobody asks for an expired one.`,
        };
      }),
};
