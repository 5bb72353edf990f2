import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { JobConfigError, UnknownJobError } from '../../../../src/errors/jobErrors.js';
import { jobsFixture, testJob } from '../../../setup/jobsFixture.js';
import type { JobsFixture, Replica } from '../../../setup/jobsFixture.js';

let fixture: JobsFixture;
let runs = 0;
const job = testJob('swept', async () => ({ runs: (runs += 1) }));

beforeAll(async () => {
  fixture = await jobsFixture();
});
afterEach(() => fixture.stopAll());
afterAll(() => fixture.dispose());

async function started(): Promise<Replica> {
  const replica = await fixture.replica([job]);
  replica.jobs.start();
  await expect.poll(() => scheduled()).not.toEqual([[], []]);
  return replica;
}

/** The expressions of cron, and the waiting runs with the seconds until each begins. */
async function scheduled(): Promise<readonly [cron: string[], waitingSeconds: number[]]> {
  const cron = await fixture.sql<{ cron: string }>('SELECT cron FROM handoff_jobs.schedule').catch(() => []);
  const waiting = await fixture
    .sql<{ seconds: number }>(
      "SELECT extract(epoch FROM start_after - now())::float8 AS seconds FROM handoff_jobs.job WHERE name = 'swept' AND state = 'created'",
    )
    .catch(() => []);
  return [cron.map((row) => row.cron), waiting.map((row) => Math.round(row.seconds / 10) * 10)];
}

it('keeps a configuration for all replicas and for good, by cron where cron can', async () => {
  const { jobs } = await started();
  await expect.poll(async () => (await jobs.status())['swept']?.stats.successfulRuns).toBe(1);
  await expect.poll(scheduled).toEqual([['0 * * * *'], []]);
  expect(await jobs.configure('swept', { intervalMs: 1_800_000, maxRetries: 7, retryDelayMs: 90_000 })).toEqual({
    name: 'swept',
    intervalMs: 1_800_000,
    enabled: true,
    maxRetries: 7,
    retryDelayMs: 90_000,
  });
  expect(await scheduled()).toEqual([['*/30 * * * *'], []]);
  const [schedule] = await fixture.sql<{ options: object }>('SELECT options FROM handoff_jobs.schedule');
  expect(schedule?.options).toMatchObject({ retryLimit: 7, retryDelay: 90 });

  // Seven minutes are not a divisor of an hour: one run waits, and replaces cron.
  await jobs.configure('swept', { intervalMs: 420_000 });
  expect(await scheduled()).toEqual([[], [420]]);
  // A run that waited by the old interval does not outlive it.
  await jobs.configure('swept', { intervalMs: 601_000 });
  expect(await scheduled()).toEqual([[], [600]]);

  await jobs.configure('swept', { enabled: false });
  expect(await scheduled()).toEqual([[], []]);
  await fixture.stopAll();

  const later = (await fixture.replica([job])).jobs;
  later.start();
  expect((await later.status('swept'))['swept']).toMatchObject({
    config: { intervalMs: 601_000, enabled: false, maxRetries: 7, retryDelayMs: 90_000 },
    stats: { totalRuns: 1 },
  });
  // Not by itself, but when somebody asks.
  expect(await later.runNow('swept')).toMatchObject({ success: true });
  expect(await scheduled()).toEqual([[], []]);
  await later.configure('swept', { enabled: true, intervalMs: 3_600_000 });
  expect(await scheduled()).toEqual([['0 * * * *'], []]);
});

it('plans the next run when one has taken place, and starts it on time', async () => {
  const { jobs } = await started();
  await jobs.configure('swept', { intervalMs: 61_000, enabled: true });
  await fixture.sql("UPDATE handoff_jobs.job SET start_after = now() + interval '2 s' WHERE name = 'swept' AND state = 'created'");
  const total = (await jobs.status())['swept']?.stats.totalRuns ?? 0;
  await expect.poll(async () => (await jobs.status())['swept']?.stats.totalRuns, { timeout: 20_000 }).toBe(total + 1);
  // By the times of the rows, which a machine that stands still for a while does not change.
  const afterTheLast = (): Promise<{ seconds: number }[]> =>
    fixture.sql(`SELECT round(extract(epoch FROM start_after - last_run_at))::int AS seconds
      FROM handoff_jobs.job JOIN job_statistics USING (name) WHERE name = 'swept' AND state = 'created'`);
  await expect.poll(async () => (await afterTheLast()).map(({ seconds }) => seconds >= 61 && seconds < 66)).toEqual([true]);
});

it('refuses what cannot be kept, and changes nothing', async () => {
  const { jobs } = await fixture.replica([job]);
  const before = await fixture.sql('SELECT * FROM job_settings');
  expect(() => jobs.configure('swept', { intervalMs: -5, retryDelayMs: 1500 })).toThrow(JobConfigError);
  expect(() => jobs.configure('nobody', { enabled: true })).toThrow(UnknownJobError);
  expect(() => jobs.runNow('nobody')).toThrow('Job not found: nobody');
  expect(await jobs.status('nobody')).toEqual({});
  expect(await fixture.sql('SELECT * FROM job_settings')).toEqual(before);
});
