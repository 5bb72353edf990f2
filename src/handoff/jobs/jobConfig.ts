import type { JobConfigProblem } from '../../errors/jobErrors.js';
import type { JobDefinition } from './jobDefinition.js';
import type { JobConfig } from './jobStatus.js';

/** What to change; a key that is absent stays as it is. */
export type JobConfigChange = Partial<Omit<JobConfig, 'name'>>;

/** What a job's row in `job_settings` overrides; NULL leaves the default. */
export interface JobSettings {
  readonly intervalMs: number | null;
  readonly enabled: boolean | null;
  readonly maxRetries: number | null;
  readonly retryDelayMs: number | null;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/**
 * Bounds of each number. The queue measures time in whole seconds and looks for work every few seconds, so a shorter interval
 * or a part of a second could not be kept.
 */
const BOUNDS = {
  intervalMs: { min: 60 * SECOND_MS, max: 30 * DAY_MS, step: SECOND_MS },
  maxRetries: { min: 0, max: 100, step: 1 },
  retryDelayMs: { min: 0, max: DAY_MS, step: SECOND_MS },
} as const;

/** The range of each value in words, for people and for the answers to invalid input. */
export const jobConfigRanges: Readonly<Record<keyof JobConfigChange, string>> = {
  intervalMs: `Time from one start to the next in ms: whole seconds from ${BOUNDS.intervalMs.min} (1 minute) to ${BOUNDS.intervalMs.max} (30 days)`,
  enabled: 'Whether the job runs by itself: true or false',
  maxRetries: `Attempts after a failed one: a whole number from ${BOUNDS.maxRetries.min} to ${BOUNDS.maxRetries.max}`,
  retryDelayMs: `Time from a failure to the next attempt in ms: whole seconds from ${BOUNDS.retryDelayMs.min} to ${BOUNDS.retryDelayMs.max} (1 day)`,
};

/** Returns what is wrong with a change; empty when every value can be kept exactly. */
export function jobConfigProblems(change: JobConfigChange): JobConfigProblem[] {
  const numbers = Object.entries(BOUNDS).flatMap(([path, { min, max, step }]): JobConfigProblem[] => {
    const value = change[path as keyof typeof BOUNDS];
    const problem = value === undefined ? undefined : numberProblem(value, min, max, step);
    return problem === undefined ? [] : [{ path, problem, allowed: jobConfigRanges[path as keyof typeof BOUNDS] }];
  });
  const isFlag = change.enabled === undefined || typeof change.enabled === 'boolean';
  return isFlag ? numbers : [...numbers, { path: 'enabled', problem: 'is not of type boolean', allowed: jobConfigRanges.enabled }];
}

function numberProblem(value: number, min: number, max: number, step: number): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'is not a number';
  if (!Number.isInteger(value)) return 'is not a whole number';
  if (value < min) return 'is too small';
  if (value > max) return 'is too large';
  return value % step === 0 ? undefined : 'is not a number of whole seconds, and is not rounded';
}

/** The defaults of a job with what the database overrides. */
export function effectiveConfig({ name, defaults }: JobDefinition, settings: JobSettings): JobConfig {
  return {
    name,
    intervalMs: settings.intervalMs ?? defaults.intervalMs,
    enabled: settings.enabled ?? true,
    maxRetries: settings.maxRetries ?? defaults.maxRetries,
    retryDelayMs: settings.retryDelayMs ?? defaults.retryDelayMs,
  };
}
