import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobsFixture, testJob } from '../../../setup/jobsFixture.js';
import type { JobsFixture } from '../../../setup/jobsFixture.js';

let fixture: JobsFixture;
beforeAll(async () => {
  fixture = await jobsFixture();
});
afterAll(() => fixture.dispose());

/** Whether a time in the tables of the queue is yet to come by more than a job's interval. */
const FAR = `
SELECT (SELECT max(cron_on) FROM handoff_jobs.version) > now() AS cron,
  (SELECT max(greatest(monitor_on, monitor_claim_on, maintain_on)) FROM handoff_jobs.queue WHERE name IN ('planned', 'ticked')) > now() AS queues,
  (SELECT max(greatest(heartbeat_on, started_on)) FROM handoff_jobs.job WHERE state = 'active') > now() AS runs`;

it('jobs go on when the clock of the database was ahead and is put back', async () => {
  const jobs = [testJob('planned', async () => ({})), testJob('ticked', async () => ({}))];
  const before = (await fixture.replica(jobs)).jobs;
  before.start();
  await expect.poll(async () => Object.values(await before.status()).map(({ stats }) => stats.successfulRuns)).toEqual([1, 1]);
  // Seven minutes are not a divisor of an hour: one run waits.
  await before.configure('planned', { intervalMs: 420_000 });
  await fixture.stopAll();

  // What is left by a clock that was ten days ahead: times that are yet to come, and a run of a process that died.
  const later = "+ interval '10 days'";
  await fixture.sql(`UPDATE job_statistics SET last_run_at = last_run_at ${later}, last_failure_at = now() ${later}`);
  await fixture.sql(`UPDATE handoff_jobs.version SET cron_on = now() ${later}`);
  await fixture.sql(
    `UPDATE handoff_jobs.queue SET monitor_on = now() ${later}, monitor_claim_on = now() ${later}, maintain_on = now() ${later}`,
  );
  const waiting = await fixture.sql(
    `UPDATE handoff_jobs.job SET created_on = created_on ${later}, start_after = start_after ${later} WHERE state = 'created' RETURNING name`,
  );
  expect(waiting).toEqual([{ name: 'planned' }]);
  await fixture.sql(
    `INSERT INTO handoff_jobs.job (name, state, policy, heartbeat_seconds, created_on, started_on, heartbeat_on)
     VALUES ('ticked', 'active', 'exclusive', 30, now() ${later}, now() ${later}, now() ${later})`,
  );

  const after = await fixture.replica(jobs);
  after.jobs.start();
  // Once more, or twice: the next run may be planned by what was read just before this one was recorded.
  const runs = async (): Promise<number> => (await after.jobs.status())['planned']?.stats.successfulRuns ?? 0;
  await expect.poll(runs, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
  // The failure of that clock is not the last that happened.
  expect((await after.jobs.status())['planned']?.stats).not.toHaveProperty('lastFailure');
  await expect.poll(async () => (await fixture.sql(FAR))[0], { timeout: 30_000 }).toEqual({ cron: false, queues: false, runs: false });
  const { jobs: states } = await after.jobs.health();
  expect(states.map(({ sinceLastRunMs }) => sinceLastRunMs === undefined || sinceLastRunMs >= 0)).toEqual([true, true]);
});
