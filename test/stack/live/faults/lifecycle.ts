import { renameSync, rmSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { sql } from '../load/sql.js';
import { services, STORAGE_LIMIT_BYTES } from '../servers.js';
import type { Fault, World } from './fault.js';

const job = { job: services.unluckyHandoff };
const LATE = 'late';
const GAP = 'gap';
/** Rows of the filler: four of them fill a page of 8 KiB. */
const FILLER_ROWS = STORAGE_LIMIT_BYTES / 2048;

const run = ({ calls }: World, jobName: string): Promise<void> => calls.handoff.call('run_job_now', { jobName });

/** Holds a session, so that every sweep passes it by. */
let holder: pg.Client | undefined;

/** Between the moment it is due and the moment it is held, a sweep may end it: then it is done again with another one. */
async function holdLateSession({ calls, postgres }: World): Promise<void> {
  holder = new pg.Client({ connectionString: postgres.url });
  holder.on('error', () => undefined); // its server may be killed before it has let go
  await holder.connect();
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const key = `${LATE}-${attempt}`;
    await calls.handoff.call('register_session', { sessionKey: key, agentFrom: 'live' });
    await sql(
      postgres,
      `UPDATE sessions SET expires_at = now() - interval '4 hours', last_activity_at = now() - interval '30 hours' WHERE session_key = '${key}'`,
    );
    await holder.query('BEGIN');
    const held = await holder.query(`SELECT FROM sessions WHERE session_key = '${key}' AND status = 'active' FOR UPDATE`);
    if (held.rowCount === 1) return;
    await holder.query('ROLLBACK');
  }
  throw new Error('Sweeps ended every session that was to be held.');
}

async function loseEntry({ calls, postgres }: World): Promise<void> {
  await calls.handoff.call('register_session', { sessionKey: GAP, agentFrom: 'live' });
  for (const content of ['one', 'two', 'three'])
    await calls.handoff.call('update_context', { sessionKey: GAP, contextType: 'message', content });
  await sql(
    postgres,
    `DELETE FROM context_history WHERE sequence_number = 2 AND session_id = (SELECT id FROM sessions WHERE session_key = '${GAP}')`,
  );
}

/** What hinders sessions from ending, resting and going. */
export const lifecycleFaults: readonly Fault[] = [
  {
    name: 'a transaction holds a due session, and an entry of another is lost',
    alerts: [
      { name: 'SessionSweepLags', labels: { ...job, handoff_sweep_name: 'expire' } },
      { name: 'CorruptSessions', labels: { ...job, handoff_session_problem: 'sequence_gap' } },
    ],
    begin: async (world) => {
      await loseEntry(world);
      await holdLateSession(world);
    },
    go: (world) => run(world, 'session-cleanup'),
    end: () => holder?.end() ?? Promise.resolve(),
    recover: (world) => run(world, 'session-cleanup'),
  },
  {
    name: 'a file is where the archive has its folder',
    alerts: [{ name: 'ArchiveFails', labels: { ...job, handoff_archive_store: 'files', handoff_archive_operation: 'put' } }],
    begin: async ({ archiveFolder, calls, postgres }) => {
      renameSync(archiveFolder, `${archiveFolder}.away`);
      writeFileSync(archiveFolder, '');
      for (const sessionKey of ['over-1', 'over-2', 'over-3']) {
        await calls.handoff.call('register_session', { sessionKey, agentFrom: 'live' });
      }
      await sql(
        postgres,
        "UPDATE sessions SET expires_at = now() - interval '1 minute', last_activity_at = now() - interval '30 hours' WHERE session_key ~ '^over-'",
      );
    },
    go: (world) => run(world, 'session-cleanup'),
    end: ({ archiveFolder }) => {
      rmSync(archiveFolder);
      renameSync(`${archiveFolder}.away`, archiveFolder);
      return Promise.resolve();
    },
    recover: (world) => run(world, 'session-cleanup'),
  },
  {
    name: 'the database grows to its limit',
    alerts: [{ name: 'StorageNearLimit', labels: job }],
    begin: ({ postgres }) =>
      sql(postgres, `CREATE UNLOGGED TABLE filler AS SELECT repeat(md5(n::text), 59) AS text FROM generate_series(1, ${FILLER_ROWS}) AS n`),
    go: (world) => run(world, 'retention-enforcement'),
    end: ({ postgres }) => sql(postgres, 'DROP TABLE filler'),
    recover: (world) => run(world, 'retention-enforcement'),
  },
  {
    name: 'a job is switched off',
    notInCore: 'four intervals of the job, divided, are a minute and a half',
    alerts: [{ name: 'JobDoesNotRun', labels: { ...job, messaging_destination_name: 'dormant-detection' } }],
    begin: ({ calls }) => calls.handoff.call('update_job_config', { jobName: 'dormant-detection', config: { enabled: false } }),
    firesWithinMs: 180_000,
    end: ({ calls }) => calls.handoff.call('update_job_config', { jobName: 'dormant-detection', config: { enabled: true } }),
    recover: (world) => run(world, 'dormant-detection'),
  },
];
