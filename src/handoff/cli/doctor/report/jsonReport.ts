import type { CheckResult } from '../examination/runChecks.js';
import { countVerdicts } from './summary.js';

/** Returns the report for programs. Checks that do not apply have no findings. */
export function jsonReport(results: readonly CheckResult[], version: string): string {
  const checks = results.map(({ check, findings }) => ({ name: check.name, group: check.group, findings }));
  return `${JSON.stringify({ version, counts: countVerdicts(results), checks }, null, 2)}\n`;
}
