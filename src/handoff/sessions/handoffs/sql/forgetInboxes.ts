import type { Statement } from '../../../storage/database.js';

/**
 * Forgets agents that have not used their inbox for 30 days and that nothing waits for: names are made up, and often by the run. One that
 * comes back has the whole time to answer again, as at its first use. One that is using its inbox at this moment is left alone.
 *
 * $1 maximum number of agents.
 */
export const forgetInboxes: Statement = {
  name: 'handoff_forget_inboxes',
  text: `
WITH unused AS (
  SELECT a.agent FROM inbox_agents a
  WHERE a.last_used_at <= now() - interval '30 days'
    AND NOT EXISTS (SELECT FROM handoff_requests r WHERE r.target_agent = a.agent AND r.status = 'pending')
  LIMIT $1::int
  FOR UPDATE OF a SKIP LOCKED
), gone AS (
  DELETE FROM inbox_agents a USING unused WHERE a.agent = unused.agent RETURNING 1
)
SELECT count(*)::int AS agents FROM gone`,
};

export interface ForgottenRow {
  readonly agents: number;
}
