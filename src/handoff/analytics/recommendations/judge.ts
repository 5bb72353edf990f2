import type { Facts } from './facts/facts.js';
import { severities } from './recommendation.js';
import type { Recommendation } from './recommendation.js';
import type { Rule } from './rule.js';

/** More of one rule is no help: the first are changed first, and then others are told. */
const MOST_PER_RULE = 5;

/** What the rules make of facts, the most severe first. Pure. */
export function judge(rules: readonly Rule[], facts: Facts): Recommendation[] {
  const found = rules.flatMap(({ code, title, severity, find }) =>
    find(facts)
      .slice(0, MOST_PER_RULE)
      .map((finding): Recommendation => ({ code, title, severity, ...finding })),
  );
  return found.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
