import type { ForeignMetric } from './foreign.js';

/** Metrics of other programs that only alerting rules need. */
export const foreignRuleMetrics: readonly ForeignMetric[] = [];
