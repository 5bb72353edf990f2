import { agentsOf } from './cachedKeys.js';

/** What a statement says about one session: its state before, and whether it was changed. */
export interface StateRow {
  readonly session_key: string;
  readonly status: string;
  readonly is_dormant: boolean;
  readonly is_archived: boolean;
  readonly changed: boolean;
  /** Agents that the session was handed to. */
  readonly agents: readonly string[];
}

/** CTE `before`: the session $1, locked, as it is now. */
export const LOCKED_SESSION = `before AS (
  SELECT id, session_key, agent_to, status, COALESCE(is_dormant, false) AS is_dormant, archived_at, expires_at, ttl_hours, retention_policy
  FROM sessions WHERE id = $1::uuid FOR UPDATE
)`;

/** Selects a `StateRow` from CTEs `before` and `changed`. No row means that there is no such session. */
export const STATE_ROW = `SELECT session_key, status, is_dormant, archived_at IS NOT NULL AS is_archived, EXISTS (SELECT FROM changed) AS changed,
  ${agentsOf('before')} AS agents
FROM before`;

/** Condition on CTE `before`: active or dormant. */
export const IS_LIVE = `before.status = 'active' AND before.archived_at IS NULL`;
