import pg from 'pg';
import { sql } from '../load/sql.js';
import { services } from '../servers.js';
import type { Fault, World } from './fault.js';

const job = { job: services.unluckyHandoff };
/** No divided time: processes look at what is open and how far everything is once a minute. */
const LOOKED_AT_ONCE_A_MINUTE = 'processes look once a minute, which is not divided';
const LOOKED_AT_WITHIN_MS = 240_000;
const HELD = ['analytics_watermarks', 'analytics_detectors'];

async function runJobs({ calls }: World): Promise<void> {
  for (const jobName of ['analytics-rollup', 'analytics-anomalies']) await calls.handoff.call('run_job_now', { jobName });
}

/** A week in which a tool took 20 ms, and half an hour in which it takes 2 s. */
function writeSlowTool({ postgres }: World): Promise<unknown> {
  return sql(
    postgres,
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
     SELECT 'handoff.session.list', mean, true, jsonb_build_object('kind', 'summary', 'subject', 'operation', 'count', 100, 'failures', 0,
       'sumMs', mean * 100, 'minMs', mean, 'maxMs', mean, 'made', true), at
     FROM generate_series(now() - interval '7 days', now() - interval '10 minutes', interval '5 minutes') at,
       LATERAL (SELECT CASE WHEN at > now() - interval '40 minutes' THEN 2000 ELSE 20 + random() END AS mean) m;
     TRUNCATE analytics_detectors, analytics_anomalies`,
  );
}

/** Holds what rollups and detectors would move, so that every run passes it by. */
let holder: pg.Client | undefined;

async function holdPositions({ postgres }: World): Promise<void> {
  await sql(
    postgres,
    `INSERT INTO analytics_detectors (kind, subject, judged_to) VALUES ('tool_calls', '', now()) ON CONFLICT (kind, subject) DO NOTHING;
     UPDATE analytics_watermarks SET rolled_up_to = now() - interval '3 hours';
     UPDATE analytics_detectors SET judged_to = now() - interval '3 hours'`,
  );
  holder = new pg.Client({ connectionString: postgres.url });
  holder.on('error', () => undefined); // its server may be killed before it has let go
  await holder.connect();
  await holder.query('BEGIN');
  for (const table of HELD) await holder.query(`SELECT FROM ${table} FOR UPDATE`);
}

/** What goes wrong where nobody but the service's own rows says so. */
export const analyticsFaults: readonly Fault[] = [
  {
    name: 'a tool takes a hundred times as long as it did for a week',
    notInCore: LOOKED_AT_ONCE_A_MINUTE,
    alerts: [{ name: 'AnomalyOpen', labels: { ...job, handoff_anomaly_kind: 'tool_latency' } }],
    begin: writeSlowTool,
    go: runJobs,
    firesWithinMs: LOOKED_AT_WITHIN_MS,
    end: ({ postgres }) =>
      sql(
        postgres,
        `DELETE FROM performance_logs WHERE metadata ? 'made';
         UPDATE analytics_aggregations SET aggregation_data = aggregation_data - 'handoff.session.list' WHERE dimension = 'operation';
         TRUNCATE analytics_detectors, analytics_anomalies`,
      ),
  },
  {
    name: 'a transaction holds what rollups and detectors move',
    notInCore: LOOKED_AT_ONCE_A_MINUTE,
    alerts: [
      { name: 'RollupLags', labels: { ...job, handoff_rollup_kind: 'performance' } },
      { name: 'AnomalyDetectionLags', labels: job },
    ],
    begin: async (world) => {
      await runJobs(world);
      await holdPositions(world);
    },
    firesWithinMs: LOOKED_AT_WITHIN_MS,
    end: async ({ postgres }) => {
      await holder?.end();
      await sql(postgres, 'TRUNCATE analytics_detectors, analytics_anomalies');
    },
    recover: runJobs,
  },
];
