import { errorCode } from '../../errors/classify.js';

/**
 * Runs all steps one after the other, also those after one that failed: a session that nobody foresaw can make one sweep fail each time,
 * and what has nothing to do with it must not stay undone for as long. None begins after the signal was aborted.
 *
 * @throws what the only step that failed has thrown; where several did, an `AggregateError` that is caused by the first and has its code,
 * by which telemetry and the results of jobs know it
 */
export async function everyStep(steps: readonly (() => Promise<unknown>)[], signal: AbortSignal | undefined): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    if (signal?.aborted === true) break;
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  const [first] = errors;
  if (errors.length === 1) throw first;
  if (errors.length === 0) return;
  const all = new AggregateError(errors, `${errors.length} of ${steps.length} steps failed; the first is the cause`, { cause: first });
  const code = errorCode(first);
  throw code === undefined ? all : Object.assign(all, { code });
}
