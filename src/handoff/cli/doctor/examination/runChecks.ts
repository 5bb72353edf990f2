import { errorCode } from '../../../../errors/classify.js';
import { TimedOut, within } from '../../../../time/within.js';
import type { Check } from './check.js';
import type { Examination } from './examination.js';
import { failure, skipped } from './finding.js';
import type { Finding } from './finding.js';

export interface CheckResult {
  readonly check: Pick<Check, 'name' | 'group'>;
  readonly findings: readonly Finding[];
}

/** Runs all checks at the same time, each within its limit. Never rejects; the results are in the order of the checks. */
export function runChecks(checks: readonly Check[], examination: Examination): Promise<readonly CheckResult[]> {
  return Promise.all(checks.map(async (check) => ({ check, findings: await findingsOf(check, examination) })));
}

async function findingsOf(check: Check, examination: Examination): Promise<readonly Finding[]> {
  const unusable = examination.read.problems.map(({ key }) => key).filter((key) => check.needs?.includes(key));
  if (unusable.length > 0) return [skipped(`Not looked at, because ${unusable.join(' and ')} cannot be used.`)];
  try {
    return await within(check.limitMs, () => check.run(examination));
  } catch (error) {
    if (error instanceof TimedOut)
      return [
        failure(
          `There was no answer within ${check.limitMs / 1000} s.`,
          'Find out what does not answer: the network, a firewall or the other side.',
        ),
      ];
    // Its message may quote what was asked for, credentials included.
    const what = errorCode(error) ?? (error instanceof Error ? error.name : 'unknown');
    return [failure(`The check itself failed (${what}).`, 'Report this as a fault of handoff-otel, with the name of the check.')];
  }
}
