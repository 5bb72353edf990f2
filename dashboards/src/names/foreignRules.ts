import type { ForeignMetric } from './foreign.js';

/** Metrics of other programs that only alerting rules need. */
export const foreignRuleMetrics: readonly ForeignMetric[] = [
  { name: 'prometheus_tsdb_out_of_bound_samples_total', program: 'prometheus', kind: 'counter', unit: '{sample}', labels: ['type'] },
];
