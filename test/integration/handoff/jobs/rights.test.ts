import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { JobsUnavailableError } from '../../../../src/errors/jobErrors.js';
import { jobsFixture, testJob } from '../../../setup/jobsFixture.js';
import type { JobsFixture } from '../../../setup/jobsFixture.js';
import { randomBytes } from 'node:crypto';

let fixture: JobsFixture;
const role = `jobs_${randomBytes(6).toString('hex')}`;
const job = testJob('swept', async () => ({ done: true }));
let url: string;
beforeAll(async () => {
  fixture = await jobsFixture();
  await fixture.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  await fixture.sql(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`);
  url = Object.assign(new URL(fixture.url), { username: role, password: 'secret' }).href;
});
afterEach(() => fixture.stopAll());
afterAll(async () => {
  await fixture.sql(`DROP OWNED BY ${role}`);
  await fixture.sql(`DROP ROLE ${role}`);
  await fixture.dispose();
});

it('says what to do when the role may not make the schema, and goes on by itself when that was done', async () => {
  const { jobs, engine, log } = await fixture.replica([job], { url });
  await expect(engine.runNow({ name: 'swept', enabled: true, ...job.defaults })).rejects.toThrow(JobsUnavailableError);
  expect((await jobs.status())['swept']).toMatchObject({ running: false, deadLetters: 0 });
  jobs.start();
  await expect
    .poll(() => log.find(([level]) => level === 'warn'))
    .toMatchObject([
      'warn',
      { 'event.name': 'handoff.job.engine_failed', 'error.type': 'HANDOFF_JOBS_UNAVAILABLE' },
      expect.stringMatching(
        /^jobs wait: .*may not create or use the schema handoff_jobs\. Run handoff-otel migrate once as a role with CREATE/,
      ),
    ]);
  // What `handoff-otel migrate` does.
  await (await fixture.replica([])).engine.install();
  await fixture.sql(`GRANT USAGE ON SCHEMA handoff_jobs TO ${role}`);
  for (const kind of ['TABLES', 'SEQUENCES', 'FUNCTIONS']) await fixture.sql(`GRANT ALL ON ALL ${kind} IN SCHEMA handoff_jobs TO ${role}`);
  await expect.poll(async () => (await jobs.status())['swept']?.stats.successfulRuns, { timeout: 40_000 }).toBe(1);
});

it('refuses to run on another version of the schema when it may not update it', async () => {
  await (await fixture.replica([])).engine.install();
  const client = new pg.Client({ connectionString: fixture.url });
  await client.connect();
  const { rows } = await client.query<{ version: number }>('UPDATE handoff_jobs.version SET version = version - 1 RETURNING version');
  const { jobs, log } = await fixture.replica([job], { mayInstall: false });
  jobs.start();
  await expect
    .poll(() => log.find(([level]) => level === 'warn')?.[2])
    .toMatch(/handoff_jobs is of another version and HANDOFF_MIGRATE_ON_START is false/);
  await client.query('UPDATE handoff_jobs.version SET version = $1', [(rows[0]?.version ?? 0) + 1]);
  await client.end();
});
