import { expect, it } from 'vitest';
import { JobsUnavailableError } from '../../../../src/errors/jobErrors.js';
import { jobsFixture, testJob } from '../../../setup/jobsFixture.js';

it('makes its tables again, and runs jobs, after they were dropped under it', async () => {
  await using stack = new AsyncDisposableStack();
  const fixture = await jobsFixture();
  stack.defer(() => fixture.dispose());
  stack.defer(() => fixture.stopAll());
  const job = testJob('swept', async () => ({ done: true }));
  const { jobs, engine } = await fixture.replica([job]);
  jobs.start();
  const runs = async (): Promise<number | undefined> => (await jobs.status())['swept']?.stats.successfulRuns;
  await expect.poll(async () => (await jobs.runNow('swept')).success, { timeout: 20_000 }).toBe(true);
  // Until it takes part altogether, it makes them anyway.
  await expect.poll(async () => (await jobs.health()).joining).toBeUndefined();
  const before = await runs();
  await fixture.sql('DROP SCHEMA handoff_jobs CASCADE');
  await expect(engine.runNow({ name: 'swept', enabled: true, ...job.defaults })).rejects.toThrow(JobsUnavailableError);
  await expect
    .poll(
      () =>
        jobs.runNow('swept').then(
          ({ success }) => success,
          (error: Error) => error.name,
        ),
      { timeout: 40_000, interval: 500 },
    )
    .toBe(true);
  expect(await runs()).toBeGreaterThan(before ?? 0);
});
