import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobEngine } from '../../../../src/handoff/jobs/jobEngine.js';
import { jobReports } from '../../../../src/handoff/jobs/jobReports.js';
import { createJobs } from '../../../../src/handoff/jobs/jobs.js';
import type { Jobs } from '../../../../src/handoff/jobs/jobs.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { createObserve } from '../../../../src/telemetry/observe.js';
import { Recording } from '../../telemetry/recording.js';

const JOB = 'tidy';
const state = {
  name: JOB,
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

let recording: Recording;
let clock: FakeClock;
let jobs: Jobs;
let isAway: boolean;
let mayRun: boolean;
let reason: string | undefined;
beforeEach(() => {
  recording = new Recording();
  clock = new FakeClock();
  [isAway, mayRun, reason] = [false, true, undefined];
  const reports = jobReports(recording.log, recording.meter, clock, {
    failing: (why) => (reason = why),
    working: () => (reason = undefined),
  });
  const answer = async (): Promise<void> => {
    if (isAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
  };
  const nothing = async (): Promise<void> => undefined;
  jobs = createJobs({
    database: { query: async () => [state] } as unknown as Database,
    engine: { start: answer, schedule: answer, endFutureTimes: answer, runSoon: answer, stop: nothing } as unknown as JobEngine,
    definitions: [
      { name: JOB, description: 'Tidies.', defaults: { intervalMs: 60_000, maxRetries: 0, retryDelayMs: 1000 }, run: async () => ({}) },
    ],
    observe: createObserve({ ...recording, clock }),
    clock,
    random: () => 0,
    reports,
    mayRun: () => mayRun,
  });
});
afterEach(async () => {
  await jobs.stop(0);
  await recording.dispose();
});

it('a process that could not run jobs works as it should once it is not to run them', async () => {
  isAway = true;
  jobs.start();
  await clock.advance(1);
  expect(reason).toBe('ECONNREFUSED');
  // Another process owns the embedded database now, and runs them.
  mayRun = false;
  await clock.advance(60_000);
  expect(reason).toBeUndefined();
});

it('says so until the queue does what it should', async () => {
  isAway = true;
  jobs.start();
  await clock.advance(1);
  expect(reason).toBe('ECONNREFUSED');
  isAway = false;
  await clock.advance(60_000);
  expect(reason).toBeUndefined();
});

it('a change of the configuration that the queue does not hear of at once is counted and logged, and stops no jobs', async () => {
  isAway = true;
  expect(await jobs.configure(JOB, { enabled: false })).toMatchObject({ name: JOB });
  expect(reason).toBeUndefined();
  expect(recording.records).toMatchObject([{ level: 'warn', fields: { 'event.name': 'handoff.job.engine_failed' } }, { level: 'info' }]);
});
