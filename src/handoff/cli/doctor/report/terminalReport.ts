import { groups } from '../examination/check.js';
import type { Finding, Verdict } from '../examination/finding.js';
import type { CheckResult } from '../examination/runChecks.js';
import { painter } from '../../render/paint.js';
import type { Paint, Role } from '../../render/paint.js';
import { printable } from '../../render/width.js';
import { countVerdicts } from './summary.js';

const MARKS: Readonly<Record<Verdict, string>> = { fine: '✓', warning: '!', failure: '✗', skipped: '–' };
const ROLES: Readonly<Record<Verdict, Role>> = { fine: 'process2', warning: 'warning', failure: 'error', skipped: 'faint' };

/** Returns the report for people: what was found, by group, and below what is wrong what to do. */
export function terminalReport(results: readonly CheckResult[], colour: boolean): string {
  const paint = painter(colour);
  const blocks = groups.flatMap((group) => {
    const findings = results.filter(({ check }) => check.group === group).flatMap((result) => result.findings);
    return findings.length === 0 ? [] : [[paint('strong', group), ...findings.flatMap((finding) => lines(finding, paint))].join('\n')];
  });
  return `${[...blocks, conclusion(results)].join('\n\n')}\n`;
}

function lines({ verdict, says, remedy }: Finding, paint: Paint): readonly string[] {
  const sentence = printable(says);
  return [
    `  ${paint(ROLES[verdict], MARKS[verdict])} ${verdict === 'skipped' ? paint('faint', sentence) : sentence}`,
    ...(remedy === undefined ? [] : [`    do this: ${printable(remedy)}`]),
  ];
}

function conclusion(results: readonly CheckResult[]): string {
  const { failure, warning } = countVerdicts(results);
  if (failure + warning === 0) return 'Nothing is wrong with this set-up.';
  const parts = [
    ...(failure > 0 ? [failure === 1 ? '1 fault' : `${failure} faults`] : []),
    ...(warning > 0 ? [warning === 1 ? '1 warning' : `${warning} warnings`] : []),
  ];
  return `${parts.join(' and ')}.`;
}
