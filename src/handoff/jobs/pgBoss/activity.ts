import { createHash } from 'node:crypto';
import type { Queryable, Statement } from '../../storage/database.js';
import type { JobActivity } from '../jobEngine.js';

interface ActivityRow {
  readonly name: string;
  readonly running: boolean;
  readonly dead_letters: number;
}

/**
 * What the queues hold, one row for each name. The schema is a setting, of letters, digits and underscores.
 *
 * $1 names of the jobs, $2 queue of the dead letters.
 */
export function readActivity(schema: string): Statement {
  return {
    // A connection refuses a second text under one name, and PostgreSQL cuts names of more than 63 bytes off: a schema may have as many.
    name: `handoff_read_job_activity_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`,
    text: `
SELECT asked.name,
  EXISTS (SELECT FROM ${schema}.job WHERE job.name = asked.name AND job.state = 'active') AS running,
  (SELECT count(*) FROM ${schema}.job WHERE job.name = $2 AND job.source_name = asked.name)::int AS dead_letters
FROM unnest($1::text[]) AS asked (name)`,
  };
}

export async function activityOf(
  database: Queryable,
  statement: Statement,
  names: readonly string[],
  deadLetterQueue: string,
): Promise<Map<string, JobActivity>> {
  const rows = await database.query<ActivityRow>(statement, [names, deadLetterQueue]);
  return new Map(rows.map(({ name, running, dead_letters: deadLetters }) => [name, { running, deadLetters }]));
}
