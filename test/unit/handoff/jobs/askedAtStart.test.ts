import { expect, it } from 'vitest';
import { JobUnfinishedError, JobsUnavailableError } from '../../../../src/errors/jobErrors.js';
import type { JobEngine } from '../../../../src/handoff/jobs/jobEngine.js';
import { jobReports } from '../../../../src/handoff/jobs/jobReports.js';
import { createJobs } from '../../../../src/handoff/jobs/jobs.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { createObserve } from '../../../../src/telemetry/observe.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { Recording } from '../../telemetry/recording.js';

const INSTALLED_AT_MS = 9000;
const neverRun = {
  name: 'tidy',
  interval_ms: null,
  enabled: null,
  max_retries: null,
  retry_delay_ms: null,
  total_runs: 0,
  successful_runs: 0,
  failed_runs: 0,
  total_duration_ms: 0,
  last_run_at: null,
  last_success_at: null,
  last_failure_at: null,
  since_last_run_ms: null,
};

it('the wait for the queue and that for the run are no longer together than an MCP client waits', async () => {
  const recording = new Recording();
  const clock = new FakeClock();
  const startMs = clock.monotonicMs();
  const elapsedMs = (): number => clock.monotonicMs() - startMs;
  const engine = {
    runNow: async () => {
      if (elapsedMs() < INSTALLED_AT_MS) throw new JobsUnavailableError('handoff_jobs', 'not_installed');
      return { jobName: 'tidy', runId: 'a', fromAttempt: 0 };
    },
    outcome: async () => undefined,
  };
  const { runNow } = createJobs({
    database: { query: async () => [neverRun] } as unknown as Database,
    engine: engine as unknown as JobEngine,
    definitions: [
      { name: 'tidy', description: 'Tidies.', defaults: { intervalMs: 60_000, maxRetries: 0, retryDelayMs: 1000 }, run: async () => ({}) },
    ],
    observe: createObserve({ ...recording, clock }),
    clock,
    random: () => 0,
    reports: jobReports(recording.log, recording.meter, clock, { failing: () => undefined, working: () => undefined }),
    mayRun: () => true,
  });
  let failure: unknown;
  const answer = runNow('tidy').catch((error: unknown) => (failure = error));
  while (failure === undefined && elapsedMs() < 100_000) await clock.advance(500);
  await answer;
  await recording.dispose();
  expect(failure).toBeInstanceOf(JobUnfinishedError);
  expect(elapsedMs()).toBeLessThan(55_000);
});
