import type { Assessment } from '../judge/assess.js';
import type { FaultRow } from '../row.js';

/** What is printed of a row when it is done: more than the table has. */
export function printed({ name }: FaultRow, { calls, writes, health, alerts, faults }: Assessment): string {
  const lines = [{ calls }, { writes }, { health }, { alerts }].map((part) => `  ${JSON.stringify(part)}`);
  return [`${name}: ${faults.length === 0 ? 'holds' : 'DOES NOT HOLD'}`, ...lines, ...faults.map((fault) => `  ! ${fault}`), ''].join('\n');
}
