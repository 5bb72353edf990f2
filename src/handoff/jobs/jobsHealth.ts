import type { JobState } from './readJobStates.js';

/** What can be wrong with the jobs, for checks of health. */
export interface JobsHealth {
  /** Present while this process is to run jobs and has not begun to: for how long it has tried, in milliseconds. */
  readonly joining?: { readonly sinceMs: number };
  readonly jobs: readonly Pick<JobState, 'config' | 'stats' | 'sinceLastRunMs'>[];
}
