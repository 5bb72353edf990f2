/** Key points name at most this many of each kind, so that a summary stays short however long the session is. */
export const LIST_LIMIT = 20;

/** Names are cut to this many characters: metadata may contain texts of any length where a name is expected. */
const NAME_CHARACTERS = 100;

/**
 * Aggregates over `context_history h` from which a summary is written. Counting in the database costs one pass and a
 * few hundred bytes of answer; reading 250 entries to count them costs the server a millisecond of its event loop.
 */
export const SUMMARY_FACTS = `
  count(*)::int AS entry_count,
  (count(*) FILTER (WHERE h.context_type = 'message'))::int AS message_count,
  (count(*) FILTER (WHERE h.context_type = 'file'))::int AS file_count,
  (count(*) FILTER (WHERE h.context_type = 'tool_call'))::int AS tool_call_count,
  (count(*) FILTER (WHERE h.context_type = 'system'))::int AS system_count,
  COALESCE(max(h.sequence_number), 0) AS last_entry_number,
  min(h.created_at) AS first_entry_at,
  max(h.created_at) AS last_entry_at,
  (array_agg(left(h.metadata ->> 'action', ${NAME_CHARACTERS}) ORDER BY h.sequence_number) FILTER (WHERE h.context_type = 'system' AND h.metadata ? 'action'))[1:${LIST_LIMIT}] AS system_actions,
  (array_agg(DISTINCT left(h.metadata ->> 'fileType', ${NAME_CHARACTERS})) FILTER (WHERE h.metadata ? 'fileType'))[1:${LIST_LIMIT}] AS file_types,
  (array_agg(DISTINCT left(h.metadata ->> 'toolName', ${NAME_CHARACTERS})) FILTER (WHERE h.metadata ? 'toolName'))[1:${LIST_LIMIT}] AS tool_names,
  (array_agg(DISTINCT left(h.metadata ->> 'agent', ${NAME_CHARACTERS})) FILTER (WHERE h.metadata ? 'agent'))[1:${LIST_LIMIT}] AS agents,
  (array_agg(DISTINCT left(h.metadata ->> 'user', ${NAME_CHARACTERS})) FILTER (WHERE h.metadata ? 'user'))[1:${LIST_LIMIT}] AS users,
  (array_agg(DISTINCT h.agent) FILTER (WHERE h.agent IS NOT NULL))[1:${LIST_LIMIT}] AS authors`;

/** Agents that had session `s` before the current one, in order. */
export const PAST_AGENTS = `(SELECT (array_agg(p.agent ORDER BY p.noted_at, p.agent))[1:${LIST_LIMIT}] FROM session_past_agents p WHERE p.session_id = s.id) AS past_agents`;

/**
 * The first and last message of session `s`, which are part of the facts. The index finds each in a step or two, whereas an
 * ordered aggregate would cut and sort all messages.
 */
export const OUTER_MESSAGES = `${message('ASC')} AS first_message, ${message('DESC')} AS last_message`;

function message(order: 'ASC' | 'DESC'): string {
  return `(SELECT left(m.content, 100) FROM context_history m WHERE m.session_id = s.id AND m.context_type = 'message' ORDER BY m.sequence_number ${order} LIMIT 1)`;
}

export interface SummaryFactsRow {
  readonly entry_count: number;
  readonly message_count: number;
  readonly file_count: number;
  readonly tool_call_count: number;
  readonly system_count: number;
  readonly last_entry_number: number;
  readonly first_entry_at: Date | null;
  readonly last_entry_at: Date | null;
  readonly first_message: string | null;
  readonly last_message: string | null;
  readonly system_actions: readonly (string | null)[] | null;
  readonly file_types: readonly (string | null)[] | null;
  readonly tool_names: readonly (string | null)[] | null;
  readonly agents: readonly (string | null)[] | null;
  readonly users: readonly (string | null)[] | null;
  /** Agents named as writers of entries. */
  readonly authors: readonly string[] | null;
  readonly past_agents: readonly string[] | null;
}
