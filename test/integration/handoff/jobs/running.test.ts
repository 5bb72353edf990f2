import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { JobRunningError } from '../../../../src/errors/jobErrors.js';
import { jobsFixture, testJob } from '../../../setup/jobsFixture.js';
import type { JobsFixture } from '../../../setup/jobsFixture.js';

let fixture: JobsFixture;
beforeAll(async () => {
  fixture = await jobsFixture();
});
afterEach(() => fixture.stopAll());
afterAll(() => fixture.dispose());

it('runs each job once for a group of replicas that start together', async () => {
  let runs = 0;
  const job = testJob('together', async () => ({ runs: (runs += 1) }));
  const first = await fixture.replica([job]);
  const replicas = [first, await fixture.replica([job]), await fixture.replica([job])];
  for (const { jobs } of replicas) jobs.start();
  await expect
    .poll(async () => (await first.jobs.status('together'))['together']?.stats)
    .toMatchObject({
      totalRuns: 1,
      successfulRuns: 1,
      failedRuns: 0,
      lastRun: expect.any(String),
      lastSuccess: expect.any(String),
    });
  // All have joined by now, and the last of them would have added another run.
  await expect.poll(() => fixture.sql("SELECT 1 FROM handoff_jobs.job WHERE name = 'together' AND state < 'completed'")).toEqual([]);
  for (const { log } of replicas) expect(log.filter(([level]) => level !== 'info')).toEqual([]);
  expect(runs).toBe(1);
});

it('runs a job once for replicas that start together though the last of them has decided so before it ran', async () => {
  let runs = 0;
  const job = testJob('decided', async () => ({ runs: (runs += 1) }));
  const replica = await fixture.replica([job]);
  replica.jobs.start();
  const statistics = async (): Promise<unknown> => (await replica.jobs.status('decided'))['decided']?.stats.totalRuns;
  await expect.poll(statistics).toBe(1);
  const config = { name: 'decided', enabled: true, ...job.defaults };
  // One that is sent, and one that is planned and brought forward.
  await replica.engine.runSoon(config);
  const unfinished = (): Promise<object[]> =>
    fixture.sql("SELECT 1 FROM handoff_jobs.job WHERE name = 'decided' AND state < 'completed' AND start_after <= now()");
  await expect.poll(unfinished).toEqual([]);
  await replica.engine.schedule({ ...config, intervalMs: 5_000_000 }, 5_000_000);
  await replica.engine.runSoon(config);
  await expect.poll(unfinished).toEqual([]);
  expect([runs, await statistics()]).toEqual([1, 1]);
  // Who asks gets a run all the same.
  expect(await replica.jobs.runNow('decided')).toMatchObject({ result: { runs: 2 } });
});

it('answers with the result, says when it runs already, and counts failures', async () => {
  const held = Promise.withResolvers<void>();
  let mode: 'answer' | 'fail' | 'hold' = 'answer';
  const job = testJob('asked', async () => {
    if (mode === 'fail') throw new RangeError('secret');
    if (mode === 'hold') await held.promise;
    return { done: mode };
  });
  const [one, two] = [await fixture.replica([job]), await fixture.replica([job])];
  one.jobs.start();
  await expect.poll(async () => (await one.jobs.status('asked'))['asked']?.stats.successfulRuns).toBe(1);
  expect(await two.jobs.runNow('asked')).toEqual({
    jobName: 'asked',
    success: true,
    startTime: expect.stringMatching(/Z$/),
    endTime: expect.stringMatching(/Z$/),
    duration: expect.any(Number),
    result: { done: 'answer' },
    retryCount: 0,
  });
  mode = 'hold';
  const long = one.jobs.runNow('asked');
  await expect.poll(async () => (await two.jobs.status())['asked']?.running).toBe(true);
  await expect(two.jobs.runNow('asked')).rejects.toThrow(JobRunningError);
  await expect(one.jobs.runNow('asked')).rejects.toThrow('already running');
  held.resolve();
  expect((await long).success).toBe(true);
  mode = 'fail';
  expect(await one.jobs.runNow('asked')).toMatchObject({ success: false, error: 'RangeError', retryCount: 0 });
  // The repetition, brought forward; it is the last.
  expect(await one.jobs.runNow('asked')).toMatchObject({ success: false, error: 'RangeError', retryCount: 1 });
  expect(await two.jobs.status('asked')).toMatchObject({
    asked: { running: false, deadLetters: 1, stats: { totalRuns: 5, successfulRuns: 3, failedRuns: 2 } },
  });
  const [stored] = await fixture.sql<{ text: string }>("SELECT string_agg(output::text, ' ') AS text FROM handoff_jobs.job");
  expect(stored?.text).toContain('RangeError');
  expect(stored?.text).not.toContain('secret');
});

it('tells whether the queue does what it should', async () => {
  const heard: string[] = [];
  const watcher = { failing: (reason: string) => void heard.push(reason), working: () => void heard.push('working') };
  const replica = await fixture.replica([testJob('watched', async () => ({}))], { watcher });
  replica.jobs.start();
  await expect.poll(() => heard).toContain('working');
  expect(new Set(heard)).toEqual(new Set(['working']));
  await replica.jobs.stop(1000);
});
