import type { Verdict } from '../examination/finding.js';
import type { CheckResult } from '../examination/runChecks.js';

export type Counts = Readonly<Record<Verdict, number>>;

export function countVerdicts(results: readonly CheckResult[]): Counts {
  const counts: Record<Verdict, number> = { fine: 0, warning: 0, failure: 0, skipped: 0 };
  for (const { verdict } of results.flatMap(({ findings }) => findings)) counts[verdict] += 1;
  return counts;
}
