import type { RecommendationCode } from '../../../telemetry/catalogue/analytics.js';
import type { FactName, Facts } from './facts/facts.js';
import type { Finding, RecommendationSeverity } from './recommendation.js';

/** One rule: facts in, findings out. It reads no clock and asks nobody. */
export interface Rule {
  readonly code: RecommendationCode;
  readonly title: string;
  readonly severity: RecommendationSeverity;
  /** Without these it says nothing. */
  readonly needs: readonly FactName[];
  /** What it takes, with every threshold, for the documentation. Completes "Recommended when". */
  readonly when: string;
  /** Where the thresholds come from, for the documentation. */
  readonly source: string;
  /** The strongest first. */
  find(facts: Facts): readonly Finding[];
}
