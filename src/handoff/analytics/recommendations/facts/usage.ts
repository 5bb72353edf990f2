import { VALUE_OTHER } from '../../../../telemetry/semconv.js';
import { listPolicies } from '../../../retention/sql/listPolicies.js';
import { toPolicy } from '../../../retention/sql/policyColumns.js';
import type { PolicyRow } from '../../../retention/sql/policyColumns.js';
import { countOf, percentileFigure } from '../../reports/figures.js';
import type { Measures } from '../../rollups/measure.js';
import { countByPolicy } from '../sql/ours.js';
import type { PolicyCountRow } from '../sql/ours.js';
import type { HandoffFact, PolicyFact, RouteFact } from './facts.js';
import { Unavailable, limited, readRollups, windowOf } from './sources.js';
import type { FactSources } from './sources.js';

const MOST_GROUPS = 100;
const HOURS_PER_MICRO = 1 / 3_600_000_000;

export async function policyFacts(sources: FactSources): Promise<readonly PolicyFact[] | Unavailable> {
  const transitions = await readRollups(sources, 'sessions', (reader) =>
    reader.groups('transitions', 'retention_policy', { maxGroups: MOST_GROUPS }),
  );
  if (transitions instanceof Unavailable) return transitions;
  const policies = await limited(sources, (q) => q.query<PolicyRow>(listPolicies));
  const counts = new Map((await limited(sources, (q) => q.query<PolicyCountRow>(countByPolicy))).map((row) => [row.policy, row]));
  return policies.map(toPolicy).map((policy) => ({
    ...windowOf(sources),
    policy,
    liveSessions: counts.get(policy.name)?.live ?? 0,
    dormantSessions: counts.get(policy.name)?.dormant ?? 0,
    fellAsleep: countOf(transitions.get(policy.name), 'dormant'),
    wokeUp: countOf(transitions.get(policy.name), 'reactivated'),
  }));
}

export async function handoffFact(sources: FactSources): Promise<HandoffFact | Unavailable> {
  const read = await readRollups(sources, 'handoffs', async (reader) => ({
    all: await reader.total('handoffs', 'answer_us'),
    routes: await reader.groups('handoffs', 'route', { maxGroups: MOST_GROUPS }),
  }));
  if (read instanceof Unavailable) return read;
  const { all, routes } = read;
  return {
    ...windowOf(sources),
    ...countsOf(all),
    p95AnswerHours: percentileFigure(all.get('answer_us'), 95, HOURS_PER_MICRO),
    timeoutHours: sources.handoffs.timeoutHours,
    routes: [...routes].filter(([route]) => route !== VALUE_OTHER).map(([route, measures]) => ({ route, ...countsOf(measures) })),
  };
}

function countsOf(measures: Measures): Omit<RouteFact, 'route'> {
  return {
    requested: countOf(measures, 'requested'),
    accepted: countOf(measures, 'accepted'),
    rejected: countOf(measures, 'rejected'),
    timedOut: countOf(measures, 'timed_out'),
  };
}
