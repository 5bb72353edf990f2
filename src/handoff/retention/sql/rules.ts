import type { Statement } from '../../storage/database.js';

/** Between positions that are chosen for the caller, so that rules can be put between them. */
const POSITION_STEP = 10;

const RULE_JSON =
  "jsonb_build_object('position', position, 'policy', policy, 'agent', agent, 'metadata', metadata, 'requestType', request_type)";

/** Selects the rules in the order in which they are tried. */
export const listRules: Statement = {
  name: 'handoff_list_rules',
  text: 'SELECT id::text, position, policy, agent, metadata, request_type, created_at FROM retention_rules ORDER BY position, id',
};

/**
 * Adds a rule and records it. Gives no row if the policy does not exist.
 *
 * $1 position or NULL for the last, $2 policy, $3 agent, $4 metadata and $5 request type, each or NULL, $6 who adds it.
 */
export const insertRule: Statement = {
  name: 'handoff_insert_rule',
  text: `
WITH added AS (
  INSERT INTO retention_rules (position, policy, agent, metadata, request_type)
  SELECT COALESCE($1::int, (SELECT LEAST(COALESCE(max(position), 0)::bigint + ${POSITION_STEP}, 2147483647)::int FROM retention_rules)), p.name, $3, $4::jsonb, $5
  FROM retention_policies p WHERE p.name = $2::text
  RETURNING id, position, policy, agent, metadata, request_type, created_at
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, after) SELECT $6, 'rule', id::text, ${RULE_JSON} FROM added
)
SELECT id::text, position, policy, agent, metadata, request_type, created_at FROM added`,
};

/** Removes a rule and records it. Gives no row if there is none. $1 number of the rule, $2 who removes it. */
export const deleteRule: Statement = {
  name: 'handoff_delete_rule',
  text: `
WITH removed AS (
  DELETE FROM retention_rules WHERE id = $1::bigint RETURNING id, position, policy, agent, metadata, request_type
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before) SELECT $2, 'rule', id::text, ${RULE_JSON} FROM removed
)
SELECT id::text FROM removed`,
};

export interface RuleRow {
  readonly id: string;
  readonly position: number;
  readonly policy: string;
  readonly agent: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly request_type: string | null;
  readonly created_at: Date;
}
