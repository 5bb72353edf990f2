import { domains } from './domains.js';
import { handoffOperations } from './handoffs.js';
import { sessionOperations } from './sessions.js';

/** What runs by itself, or for several calls that have operations of their own. */
const OF_NOBODY: ReadonlySet<string> = new Set([
  handoffOperations.timeOut.name,
  sessionOperations.appendTogether.name,
  sessionOperations.handoffTogether.name,
]);

/** Of our operations, those that answer agents. Sweeps and jobs take as long as there is to do, and so does the analysis of files. */
export const answeringOperations: readonly string[] = [...Object.values(sessionOperations), ...Object.values(handoffOperations)]
  .map(({ name }): string => name)
  .filter((name) => !OF_NOBODY.has(name));

const OURS: ReadonlySet<string> = new Set(domains.flatMap(({ operations = [] }) => operations.map(({ name }) => name)));
const ANSWERING: ReadonlySet<string> = new Set(answeringOperations);

/** Whether an operation is a call of somebody who waits. What hosts measure is too, by names that are not ours. */
export function isCall(operation: string): boolean {
  return ANSWERING.has(operation) || !OURS.has(operation);
}
