import { createHash } from 'node:crypto';
import type { Statement } from '../../storage/database.js';

/**
 * Brings times of the queue that are yet to come back to now: a clock of the database that was ahead and is put back leaves them, and until
 * they come pg-boss neither sends what cron says nor misses a heartbeat. Only such a clock can have written them; a run that was planned by
 * it takes place now.
 *
 * $1 names of the jobs.
 */
export function endFutureTimes(schema: string): Statement {
  return {
    // See activity.ts.
    name: `handoff_end_future_times_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`,
    text: `
WITH latest AS (SELECT now() + interval '1 minute' AS at),
cron AS (
  UPDATE ${schema}.version SET cron_on = now() FROM latest WHERE cron_on > latest.at
),
queues AS (
  UPDATE ${schema}.queue SET monitor_on = LEAST(monitor_on, now()), monitor_claim_on = LEAST(monitor_claim_on, now()),
    maintain_on = LEAST(maintain_on, now())
  FROM latest WHERE GREATEST(monitor_on, monitor_claim_on, maintain_on) > latest.at
)
UPDATE ${schema}.job SET created_on = LEAST(created_on, now()), start_after = LEAST(start_after, now()),
  started_on = CASE WHEN started_on > now() THEN now() ELSE started_on END,
  heartbeat_on = CASE WHEN heartbeat_on > now() THEN now() ELSE heartbeat_on END
FROM latest
WHERE job.name = ANY ($1::text[]) AND job.state IN ('created', 'retry', 'active')
  AND GREATEST(job.created_on, job.started_on, job.heartbeat_on) > latest.at`,
  };
}
