import { agentsOfRoute } from './agentsOfRoute.js';
import type { Rule } from '../rule.js';

const LEAST_REQUESTED = 20;
const LEAST_BACK_SHARE = 0.8;

export const handoffsCircle: Rule = {
  code: 'handoffs_circle',
  title: 'Two agents hand sessions to each other, again and again',
  severity: 'info',
  needs: ['handoffs'],
  when: `${LEAST_REQUESTED} handoffs or more went from one agent to another, and at least ${LEAST_BACK_SHARE * 100} % as many went back`,
  source: 'ours: some of these are reviews that come back; four in five is a pattern to look at',
  find: ({ handoffs }) => {
    if (handoffs === undefined) return [];
    const { routes, from, to } = handoffs;
    const byRoute = new Map(routes.map((route) => [route.route, route]));
    return routes.flatMap(({ route, requested }) => {
      const agents = agentsOfRoute(route);
      if (agents === undefined) return [];
      const { source: a, target: b } = agents;
      const back = byRoute.get(`${b}->${a}`)?.requested ?? 0;
      // Told once, from the side that sends more.
      const isFirst = requested > back || (requested === back && a < b);
      if (!isFirst || requested < LEAST_REQUESTED || back < LEAST_BACK_SHARE * requested) return [];
      return [
        {
          subject: route,
          evidence: [
            { name: `handoffs from ${a} to ${b}`, value: requested, unit: 'handoffs', from, to },
            { name: `handoffs from ${b} to ${a}`, value: back, unit: 'handoffs', from, to },
          ],
          expectedEffect: `Up to ${back} fewer handoffs in the same time, each with a copy of the context.`,
          change: {
            kind: 'agents' as const,
            text: `Let either ${a} or ${b} finish what both can do, or have ${b} hand on to a third agent instead of back.`,
          },
          howToCheck: `handoffsByRoute of getHandoffSuccessRates() over the days after has fewer than ${LEAST_BACK_SHARE * 100} % on the way back.`,
        },
      ];
    });
  },
};
