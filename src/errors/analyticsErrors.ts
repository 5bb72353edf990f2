import { HandoffError } from './handoffError.js';

/** One value of a range or a query that cannot be used. */
export interface TimeRangeProblem {
  readonly path: string;
  readonly problem: string;
  readonly allowed: string;
}

/** A range of time, or what is asked about it, cannot be used as given. */
export class TimeRangeError extends HandoffError<{ readonly problems: readonly TimeRangeProblem[] }> {
  override readonly code = 'HANDOFF_TIME_RANGE_INVALID';

  constructor(problems: readonly TimeRangeProblem[]) {
    const list = problems.map(({ path, problem, allowed }) => `${path} ${problem} (allowed: ${allowed})`).join('; ');
    super(`The report cannot be made: ${list}. Correct these values.`, { problems });
  }
}
