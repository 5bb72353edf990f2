import { renameSync, rmSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { sql } from '../load/sql.js';
import { services } from '../servers.js';
import type { Fault, World } from './fault.js';

const job = { job: services.unluckyHandoff };
const SESSIONS = ['slow-1', 'slow-2', 'slow-3'];
const JOBS_SCHEMA = 'handoff_jobs';

/** Statements one by one, as `ALTER SYSTEM` wants it, on a connection that may write whatever the default is. */
async function alterSystem({ postgres }: World, change: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query('SET default_transaction_read_only = off');
    await client.query(`ALTER SYSTEM ${change}`);
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
}

/** What the checks of a handoff server find where its dependencies answer, but not as they should. */
export const monitoringFaults: readonly Fault[] = [
  {
    name: 'the database accepts no writes',
    notInCore: 'nor can other faults write meanwhile, which are caused at the same time',
    alerts: [
      { name: 'ServerUnhealthy', labels: job },
      { name: 'PartUnhealthy', labels: { ...job, handoff_component_name: 'database' }, isHeldBack: true },
    ],
    begin: (world) => alterSystem(world, 'SET default_transaction_read_only = on'),
    end: (world) => alterSystem(world, 'RESET default_transaction_read_only'),
  },
  {
    name: 'Redis hangs',
    notInCore: 'Redis is killed in the core set',
    alerts: [
      { name: 'RedisUnavailable', labels: job },
      { name: 'FeatureLeftOut', labels: { ...job, handoff_feature: 'cache' }, isHeldBack: true },
      { name: 'PartUnhealthy', labels: { ...job, handoff_component_name: 'redis' }, isHeldBack: true },
    ],
    begin: ({ redis }) => redis.pause(),
    go: ({ calls }) => calls.handoff.call('register_session', { sessionKey: 'hung', agentFrom: 'live' }),
    end: ({ redis }) => redis.resume(),
    recover: ({ calls }) => calls.handoff.call('register_session', { sessionKey: 'hung', agentFrom: 'live' }),
  },
  {
    name: 'a file is where the archive has its folder, and nothing is archived',
    alerts: [{ name: 'PartUnhealthy', labels: { ...job, handoff_component_name: 'archive' } }],
    begin: ({ archiveFolder }) => {
      renameSync(archiveFolder, `${archiveFolder}.aside`);
      writeFileSync(archiveFolder, '');
      return Promise.resolve();
    },
    end: ({ archiveFolder }) => {
      rmSync(archiveFolder);
      renameSync(`${archiveFolder}.aside`, archiveFolder);
      return Promise.resolve();
    },
  },
  {
    name: 'a table of the job queue is gone',
    alerts: [{ name: 'FeatureLeftOut', labels: { ...job, handoff_feature: 'jobs' } }],
    // Only one of them: were all gone, the servers would make them again.
    begin: ({ postgres }) => sql(postgres, `ALTER TABLE ${JOBS_SCHEMA}.job RENAME TO job_gone`),
    end: ({ postgres }) => sql(postgres, `ALTER TABLE ${JOBS_SCHEMA}.job_gone RENAME TO job`),
  },
  {
    name: 'somebody adds a trigger that takes its time',
    alerts: [{ name: 'SlowStatements', labels: { ...job, handoff_statement_name: 'handoff_insert_entry' } }],
    begin: async ({ calls, postgres }) => {
      for (const sessionKey of SESSIONS) await calls.handoff.call('register_session', { sessionKey, agentFrom: 'live' });
      await sql(
        postgres,
        `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.6); RETURN NEW; END $$;
         CREATE TRIGGER dawdle BEFORE INSERT ON context_history FOR EACH ROW WHEN (NEW.content = 'slow') EXECUTE FUNCTION dawdle()`,
      );
    },
    go: ({ calls }) =>
      Promise.all(
        SESSIONS.map((sessionKey) => calls.handoff.call('update_context', { sessionKey, contextType: 'message', content: 'slow' })),
      ),
    end: ({ postgres }) => sql(postgres, 'DROP TRIGGER dawdle ON context_history; DROP FUNCTION dawdle()'),
  },
];
