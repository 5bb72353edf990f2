import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Pseudo-random numbers in [0, 1), the same for the same seed: a failure can be repeated. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface History {
  readonly sessions: number;
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly openedShare?: number;
}

/**
 * Writes sessions with entries, handoffs, events and measurements, spread over a range of time, by statements of its own: nothing of what
 * is tested is used to make what it is tested on. Rows of one kind may have the same time, as duplicates have.
 *
 * @param sessions how many; each has about ten rows
 * @param openedShare in which part of the range, from its beginning, they are opened
 */
export async function writeHistory(
  { sql }: Pick<HandoffFixture, 'sql'>,
  { sessions, from, to, seed, openedShare = 0.7 }: History,
): Promise<void> {
  await sql('SELECT setseed($1)', [seed]);
  await sql(`CREATE TABLE IF NOT EXISTS made (id uuid, at timestamptz, agent text, policy text, ends text, ended_at timestamptz)`);
  await sql(`TRUNCATE made`);
  const span = `($3::timestamptz - $2::timestamptz)`;
  await sql(
    `INSERT INTO made
     SELECT gen_random_uuid(), date_trunc('milliseconds', $2::timestamptz + ${span} * random() * $4::float8), 'agent-' || (floor(random() * 7))::int,
       (ARRAY['standard', 'extended', 'short'])[1 + floor(random() * 3)::int], (ARRAY['active', 'completed', 'expired'])[1 + floor(random() * 3)::int], NULL
     FROM generate_series(1, $1::int)`,
    [sessions, from, to, openedShare],
  );
  await sql(`UPDATE made SET ended_at = at + ($1::timestamptz - at) * random() * 0.9 WHERE ends <> 'active'`, [to]);
  await sql(
    `INSERT INTO sessions (id, session_key, agent_from, agent_to, status, created_at, last_activity_at, retention_policy, last_sequence_number, expires_at)
     SELECT id, id::text, agent, CASE WHEN random() < 0.4 THEN 'agent-x' END, ends, at, GREATEST(at, ended_at - interval '1 minute'), policy, 3, now() + interval '1 day' FROM made`,
  );
  await sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, created_at, content_size_bytes, agent)
     SELECT id, n, (ARRAY['message', 'file', 'tool_call', 'system'])[1 + floor(random() * 4)::int], repeat('x', size), '{}',
       date_trunc('milliseconds', at + (COALESCE(ended_at, $1::timestamptz) - at) * random()), CASE WHEN random() < 0.8 THEN size END,
       CASE WHEN random() < 0.5 THEN agent END
     FROM made, generate_series(1, 3) n, LATERAL (SELECT floor(exp(random() * 7 + n * 0))::int AS size WHERE made.id IS NOT NULL) sized`,
    [to],
  );
  await sql(
    `INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_type, status, created_at, answered_at, completed_at)
     SELECT id, agent, 'agent-' || floor(random() * 5)::int, (ARRAY['context_transfer', 'full_handoff'])[1 + floor(random() * 2)::int], status, asked,
       CASE WHEN status IN ('accepted', 'completed', 'rejected') THEN decided END, CASE WHEN status IN ('completed', 'rejected', 'timed_out') THEN decided END
     FROM (
       SELECT made.*, (ARRAY['pending', 'accepted', 'completed', 'rejected', 'timed_out'])[1 + floor(random() * 5)::int] AS status,
         at + ($1::timestamptz - at) * random() * 0.5 AS asked, random() AS later
       FROM made WHERE random() < 0.6
     ) AS one, LATERAL (SELECT asked + ($1::timestamptz - asked) * later AS decided) AS answer`,
    [to],
  );
  await sql(
    `INSERT INTO session_lifecycle (session_id, event_type, event_data, created_at)
     SELECT id, CASE ends WHEN 'completed' THEN 'status_changed' ELSE 'expired' END, jsonb_build_object('from', 'active', 'to', ends), ended_at FROM made WHERE ends <> 'active'
     UNION ALL SELECT id, 'created', '{}', at FROM made
     UNION ALL SELECT id, 'dormant', '{}', at + ($1::timestamptz - at) * random() FROM made WHERE random() < 0.3`,
    [to],
  );
}
