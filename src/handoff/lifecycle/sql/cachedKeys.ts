/** What cache keys are made of. */
export interface CachedKeysRow {
  readonly session_key: string;
  /** Expired or archived: nobody picks its handoffs up any more. */
  readonly is_dead: boolean;
  /** Agents it was handed to. */
  readonly agents: readonly string[];
}

/** SQL for the agents that a session was handed to. `row` names a row of `sessions`. */
export const agentsOf = (row: string): string =>
  `ARRAY(SELECT ${row}.agent_to WHERE ${row}.agent_to IS NOT NULL UNION SELECT agent FROM session_past_agents WHERE session_id = ${row}.id)`;

/** Columns of `CachedKeysRow`, from `sessions s`. */
export const CACHED_KEYS = `s.session_key, s.status = 'expired' OR s.archived_at IS NOT NULL AS is_dead, ${agentsOf('s')} AS agents`;
