import type { RecommendationCode } from '../../../telemetry/catalogue/analytics.js';

/** A number that was measured, and when. */
export interface Evidence {
  readonly name: string;
  readonly value: number;
  /** `rows`, `ms`, `%` and the like. */
  readonly unit: string;
  /** Since when it was measured; `null` where the database does not say. A figure of one moment begins and ends at it. */
  readonly from: Date | null;
  readonly to: Date;
}

/**
 * What to change. `text` is complete: a line of a configuration, a statement or a command, or a sentence for agents or for whoever runs the
 * machine.
 */
export type Change =
  | { readonly kind: 'setting'; readonly text: string; readonly variable: string; readonly from: number; readonly to: number }
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'agents'; readonly text: string }
  | { readonly kind: 'machine'; readonly text: string };

export const severities = ['critical', 'warning', 'info'] as const;
export type RecommendationSeverity = (typeof severities)[number];

/** Something that should be changed, and why. */
export interface Recommendation {
  /** The rule that made it. Never changes its meaning. */
  readonly code: RecommendationCode;
  readonly title: string;
  readonly severity: RecommendationSeverity;
  /** What it is about: a table, statement, route, policy or alert; `null` where there is only one of its kind. */
  readonly subject: string | null;
  /** One figure at least. */
  readonly evidence: readonly Evidence[];
  readonly expectedEffect: string;
  readonly change: Change;
  /** How to see afterwards whether it has helped. */
  readonly howToCheck: string;
}

/** What a rule finds; its code, title and severity are those of the rule. */
export type Finding = Omit<Recommendation, 'code' | 'title' | 'severity'> & { readonly severity?: RecommendationSeverity };

/** Facts that could not be had. Rules that need them said nothing. */
export interface UnavailableFact {
  readonly fact: string;
  /** Why, as a sentence. */
  readonly reason: string;
}

/** Recommendations, the most severe first. */
export type Recommendations = Recommendation[] & {
  /** What is missing from the answer. Not in its JSON: an array has no names there. */
  readonly unavailableFacts: readonly UnavailableFact[];
};
