import { z } from 'zod';

/** The shapes of what the job tools answer, which have no `success`: see `outputs.ts` for what clients do with them. */

const count = z.int().min(0);
const time = z.string().describe('ISO 8601, UTC');

const config = z.looseObject({ name: z.string(), intervalMs: count, enabled: z.boolean(), maxRetries: count, retryDelayMs: count });

const status = z.looseObject({
  running: z.boolean().describe('Whether any replica runs it now'),
  config,
  stats: z.looseObject({
    totalRuns: count,
    successfulRuns: count,
    failedRuns: count,
    averageDuration: z.number().describe('in ms'),
    lastRun: time.optional(),
    lastSuccess: time.optional(),
    lastFailure: time.optional(),
  }),
  deadLetters: count.describe('Runs of the last 30 days that failed in every attempt'),
});

/** An entry for each job that was asked for. */
export function jobStatusOutput(names: readonly string[]) {
  return z.looseObject(Object.fromEntries(names.map((name) => [name, status.optional()])));
}

export const jobResultOutput = z.looseObject({
  jobName: z.string(),
  success: z.boolean(),
  startTime: time,
  endTime: time,
  duration: z.number().describe('in ms'),
  result: z.looseObject({}).optional(),
  retryCount: count,
});

export const jobConfigOutput = z.looseObject({ jobName: z.string(), config });
