import type { RouteFact } from '../facts/facts.js';
import { agentsOfRoute } from './agentsOfRoute.js';
import type { Rule } from '../rule.js';

const LEAST_DECIDED = 20;
const LEAST_SHARE = 0.3;
const GOOD_SHARE = 0.8;

export const handoffsRejected: Rule = {
  code: 'handoffs_rejected',
  title: 'Many handoffs on one route are rejected',
  severity: 'warning',
  needs: ['handoffs'],
  when: `of ${LEAST_DECIDED} or more handoffs on a route that were accepted, rejected or timed out, ${LEAST_SHARE * 100} % or more were rejected. Another target is named if it accepted ${GOOD_SHARE * 100} % of ${LEAST_DECIDED} or more from the same agent`,
  source: 'ours: three in ten are too many to be exceptions, and 20 handoffs are enough to tell 30 % from 10 % with 95 % confidence',
  find: ({ handoffs }) => {
    if (handoffs === undefined) return [];
    const { routes, from, to } = handoffs;
    return routes
      .filter((route) => decidedOf(route) >= LEAST_DECIDED && route.rejected >= LEAST_SHARE * decidedOf(route))
      .toSorted((a, b) => b.rejected - a.rejected)
      .map((route) => {
        return {
          subject: route.route,
          evidence: [
            { name: 'decided handoffs', value: decidedOf(route), unit: 'handoffs', from, to },
            { name: 'handoffs that were rejected', value: route.rejected, unit: 'handoffs', from, to },
          ],
          expectedEffect: `Up to ${route.rejected} handoffs in the same time could succeed at once, instead of being rejected.`,
          change: {
            kind: 'agents' as const,
            text: adviceOn(route, routes),
          },
          howToCheck: `rejected is below ${LEAST_SHARE * 100} % on this route in getHandoffSuccessRates({ groupBy: 'route' }) over the days after.`,
        };
      });
  },
};

function decidedOf({ accepted, rejected, timedOut }: RouteFact): number {
  return accepted + rejected + timedOut;
}

function isGood(route: RouteFact): boolean {
  return decidedOf(route) >= LEAST_DECIDED && route.accepted >= GOOD_SHARE * decidedOf(route);
}

function adviceOn({ route }: RouteFact, routes: readonly RouteFact[]): string {
  const agents = agentsOfRoute(route);
  if (agents === undefined)
    return 'Tell its source what its target takes: the reasons that were given are in the lifecycle of each session.';
  const { source, target } = agents;
  const [better] = routes.filter(isGood).flatMap((other) => {
    const others = agentsOfRoute(other.route);
    return others?.source === source ? [others.target] : [];
  });
  return better === undefined
    ? `Tell ${source} what ${target} takes: the reasons that ${target} gave are in the lifecycle of each session.`
    : `Have ${source} hand over to ${better} what ${target} rejects: ${better} accepts from it.`;
}
