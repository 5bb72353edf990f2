import type pg from 'pg';

/** How many rows one statement inserts: the server must not keep millions of them in one transaction's memory. */
const CHUNK = 250_000;

export interface Fill {
  readonly sessions: number;
  /** Of these, how many are due. They are spread over the table, as they are in life. */
  readonly due: number;
}

/** Fills an empty, migrated database with active sessions, and brings the planner up to date. */
export async function fill(pool: pg.Pool, { sessions, due }: Fill): Promise<void> {
  const every = Math.round(sessions / due);
  for (let first = 1; first <= sessions; first += CHUNK) {
    await pool.query(
      `INSERT INTO sessions (session_key, agent_from, status, created_at, last_activity_at, expires_at, last_sequence_number, dormancy_check_at)
       SELECT 'filled-' || n, 'agent-' || (n % 50), 'active', now() - interval '3 days', now() - interval '2 days',
         CASE WHEN n % $3::int = 0 THEN now() - interval '1 day' + n * interval '1 millisecond' ELSE now() + interval '10 days' END,
         1, now() + interval '10 days'
       FROM generate_series($1::int, $2::int) AS n`,
      [first, Math.min(sessions, first + CHUNK - 1), every],
    );
  }
  await pool.query('VACUUM (ANALYZE) sessions');
  await pool.query('CHECKPOINT');
}

/** Makes the sessions that were ended due again, and forgets their events. */
export async function makeDueAgain(pool: pg.Pool): Promise<void> {
  await pool.query("UPDATE sessions SET status = 'active' WHERE status = 'expired'");
  await pool.query('TRUNCATE session_lifecycle');
  await pool.query('VACUUM (ANALYZE) sessions');
  await pool.query('CHECKPOINT');
}

export async function countDue(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ due: number }>(
    "SELECT count(*)::int AS due FROM sessions WHERE status = 'active' AND archived_at IS NULL AND expires_at <= now()",
  );
  return rows[0]?.due ?? 0;
}
