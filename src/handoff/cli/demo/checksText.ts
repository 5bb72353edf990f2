import type { Check } from './checks.js';

const MAX_FAULTS_SHOWN = 5;

/** Returns the heading above the checks. It must not say that everything has arrived where something is missing. */
export function checksTitle(checks: readonly Check[]): string {
  const failed = checks.filter(({ faults }) => faults.length > 0).length;
  return failed === 0 ? 'What should have arrived, and did' : `What should have arrived: ${failed} of ${checks.length} checks failed`;
}

export function checksText(checks: readonly Check[]): string {
  return checks.map(checkLines).join('\n');
}

function checkLines({ label, faults }: Check): string {
  const shown = faults.slice(0, MAX_FAULTS_SHOWN).map((fault) => `\n      ${fault}`);
  const more = faults.length > MAX_FAULTS_SHOWN ? `\n      and ${faults.length - MAX_FAULTS_SHOWN} more` : '';
  return `  ${faults.length === 0 ? '✓' : '✗'} ${label}${shown.join('')}${more}`;
}
