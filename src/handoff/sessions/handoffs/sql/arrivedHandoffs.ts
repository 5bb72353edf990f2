import type { Statement } from '../../../storage/database.js';

/**
 * Selects the handoffs of the last seconds that wait for an answer by an agent that uses its inbox, newest first. Each such agent
 * costs one look into the index of inboxes, however many handoffs there are.
 *
 * A handoff has the time at which its transaction began and is seen when that ends, so whoever asks repeatedly has to look back
 * further than to the last time it asked.
 *
 * $1 seconds to look back, $2 maximum number of handoffs.
 */
export const arrivedHandoffs: Statement = {
  name: 'handoff_arrived_handoffs',
  text: `
SELECT arrived.id, arrived.target_agent
FROM inbox_agents a, LATERAL (
  SELECT r.id, r.target_agent, r.created_at FROM handoff_requests r
  WHERE r.target_agent = a.agent AND r.status = 'pending' AND r.created_at > now() - $1::float8 * interval '1 second'
  -- Without a limit PostgreSQL may join the other way round, and read everything that anybody was ever handed and did not answer.
  ORDER BY r.created_at DESC
  LIMIT $2::int
) arrived
ORDER BY arrived.created_at DESC
LIMIT $2::int`,
};

export interface ArrivedRow {
  readonly id: string;
  readonly target_agent: string;
}
