import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobsFixture, testJob } from '../../../setup/jobsFixture.js';
import type { JobsFixture } from '../../../setup/jobsFixture.js';

let fixture: JobsFixture;
beforeAll(async () => {
  fixture = await jobsFixture();
});
afterAll(() => fixture.dispose());

it('a job that is asked for before a server on a new database has made the queue is run once it has', async () => {
  const job = testJob('asked', async () => ({ done: true }));
  const { jobs } = await fixture.replica([job]);
  const answer = jobs.runNow('asked');
  await expect.poll(() => fixture.sql("SELECT to_regclass('handoff_jobs.job') AS found")).toEqual([{ found: null }]);
  jobs.start();
  expect(await answer).toMatchObject({ jobName: 'asked', success: true, result: { done: true } });
});
