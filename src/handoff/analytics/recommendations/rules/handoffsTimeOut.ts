import { changeOf } from '../settingChange.js';
import type { HandoffFact } from '../facts/facts.js';
import { agentsOfRoute } from './agentsOfRoute.js';
import type { Rule } from '../rule.js';

const LEAST_DECIDED = 20;
const LEAST_SHARE = 0.1;
const CLOSE_TO_TIMEOUT = 0.5;
const MOST_HOURS = 87_600;

export const handoffsTimeOut: Rule = {
  code: 'handoffs_time_out',
  title: 'Handoffs are not answered in time',
  severity: 'warning',
  needs: ['handoffs'],
  when: `of ${LEAST_DECIDED} or more handoffs that were accepted, rejected or timed out, ${LEAST_SHARE * 100} % or more timed out. If the 95th percentile of the response time is ${CLOSE_TO_TIMEOUT * 100} % of HANDOFF_HANDOFF_TIMEOUT_HOURS or more, a longer time-out is recommended; otherwise, the recommendation is that the target with the most time-outs should respond`,
  source: 'ours: if slow responses take half of the available time, some will take more than all of it',
  find: ({ handoffs }) => {
    if (handoffs === undefined) return [];
    const { accepted, rejected, timedOut, p95AnswerHours, timeoutHours } = handoffs;
    const decided = accepted + rejected + timedOut;
    if (decided < LEAST_DECIDED || timedOut < LEAST_SHARE * decided) return [];
    if (p95AnswerHours !== null && p95AnswerHours >= CLOSE_TO_TIMEOUT * timeoutHours && timeoutHours < MOST_HOURS)
      return [
        finding(handoffs, decided, null, changeOf('HANDOFF_HANDOFF_TIMEOUT_HOURS', timeoutHours, moreHours(timeoutHours, p95AnswerHours))),
      ];
    const [worst] = handoffs.routes.filter((route) => route.timedOut > 0).toSorted((a, b) => b.timedOut - a.timedOut);
    if (worst === undefined) return [];
    const target = agentsOfRoute(worst.route)?.target;
    const inbox =
      target === undefined ? 'list_handoffs' : `list_handoffs, or the resource handoff://handoffs/${encodeURIComponent(target)}`;
    const text = `Have ${target ?? 'the target of this route'} look into its inbox (${inbox}) more often than every ${timeoutHours} hours, and answer.`;
    return [finding(handoffs, decided, worst.route, { kind: 'agents', text })];
  },
};

function moreHours(timeoutHours: number, p95AnswerHours: number): number {
  return Math.min(MOST_HOURS, Math.max(timeoutHours + 1, Math.ceil(2 * p95AnswerHours)));
}

function finding(fact: HandoffFact, decided: number, subject: string | null, change: ReturnType<typeof changeOf>) {
  const { timedOut, p95AnswerHours, timeoutHours, from, to, routes } = fact;
  const figure = (name: string, value: number, unit: string) => ({ name, value, unit, from, to });
  const ofRoute = routes.find(({ route }) => route === subject)?.timedOut;
  return {
    subject,
    evidence: [
      figure('decided handoffs', decided, 'handoffs'),
      figure('handoffs that timed out', timedOut, 'handoffs'),
      ...(ofRoute === undefined ? [] : [figure('of these, on this route', ofRoute, 'handoffs')]),
      ...(p95AnswerHours === null ? [] : [figure('time to the answer, 95th percentile', p95AnswerHours, 'h')]),
      { name: 'HANDOFF_HANDOFF_TIMEOUT_HOURS', value: timeoutHours, unit: 'h', from: to, to },
    ],
    expectedEffect: `Up to ${ofRoute ?? timedOut} handoffs in the same time could be accepted or rejected instead of timing out.`,
    change,
    howToCheck: `failureReasons.timed_out of getHandoffSuccessRates() over the days after is below ${LEAST_SHARE * 100} % of what is decided.`,
  };
}
