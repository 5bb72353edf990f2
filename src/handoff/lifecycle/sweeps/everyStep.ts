/**
 * Runs all steps one after the other, also those after one that failed: a session that nobody foresaw can make one sweep fail each time,
 * and what has nothing to do with it must not stay undone for as long. None begins after the signal was aborted.
 *
 * @throws what the only step that failed has thrown; an `AggregateError`, caused by the first, where several did
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
  if (errors.length > 1)
    throw new AggregateError(errors, `${errors.length} of ${steps.length} steps failed; the first is the cause`, { cause: first });
  if (errors.length === 1) throw first;
}
