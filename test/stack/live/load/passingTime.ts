import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import type { Calls } from './calls.js';
import { sql } from './sql.js';

/** The shortest that a job may have: so many windows of the rules, divided, hold a run. */
const INTERVAL_MS = 60_000;
const JOBS = [
  'session-cleanup',
  'dormant-detection',
  'retention-enforcement',
  'cache-optimization',
  'analytics-rollup',
  'analytics-anomalies',
] as const;
/** Sessions of the load that it has left behind. */
const LEFT = "session_key ~ '^(caller|steady)-' AND last_activity_at < now() - interval '5 seconds'";

/** Makes the jobs run as often as they can, as the times of the rules are divided. */
export async function hurryJobs(calls: Calls): Promise<void> {
  for (const jobName of JOBS) await calls.call('update_job_config', { jobName, config: { intervalMs: INTERVAL_MS } });
}

/**
 * What happens to sessions in days and weeks, at once: some of their handoffs are accepted, they expire, are archived, and a few of the
 * archived ones are deleted. Only times are changed behind the back of the server; it does the rest itself.
 */
export async function passTime(postgres: Pick<ThrowawayServer, 'url'>, calls: Calls): Promise<void> {
  const waiting = await sql<{ session_key: string }>(
    postgres,
    `SELECT session_key FROM sessions WHERE ${LEFT} AND status = 'completed' AND archived_at IS NULL ORDER BY created_at DESC LIMIT 2`,
  );
  for (const { session_key: sessionKey } of waiting) await calls.call('accept_handoff', { sessionKey, agent: 'other' });
  await sql(
    postgres,
    `UPDATE sessions SET expires_at = now() - interval '1 minute', last_activity_at = now() - interval '30 hours'
     WHERE id IN (SELECT id FROM sessions WHERE ${LEFT} AND archived_at IS NULL LIMIT 20)`,
  );
  await sql(
    postgres,
    `UPDATE sessions SET archived_at = now() - interval '400 days'
     WHERE id IN (SELECT id FROM sessions WHERE archived_at > now() - interval '1 day' LIMIT 2)`,
  );
  for (const jobName of JOBS) await calls.call('run_job_now', { jobName });
  await calls.call('get_analytics', { type: 'sessions' });
}
