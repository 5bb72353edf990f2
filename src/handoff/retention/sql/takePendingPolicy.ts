import type { Statement } from '../../storage/database.js';
import { PENDING_NAME } from './pendingPolicy.js';

/** Lists the policies of which some sessions have yet to learn of a change. */
export const listPendingPolicies: Statement = {
  name: 'handoff_list_pending_policies',
  text: "SELECT substr(name, 18) AS policy FROM sweep_positions WHERE name LIKE 'retention-policy:%' ORDER BY updated_at",
};

/** Takes the next part of a pending change for this transaction. No row: it is finished, or another process is at it. $1 policy. */
export const takePendingPolicy: Statement = {
  name: 'handoff_take_pending_policy',
  text: `SELECT position FROM sweep_positions WHERE name = ${PENDING_NAME} FOR UPDATE SKIP LOCKED`,
};

/** Whether some sessions of a policy have yet to learn of a change. $1 policy. */
export const isPolicyPending: Statement = {
  name: 'handoff_is_policy_pending',
  text: `SELECT EXISTS (SELECT FROM sweep_positions WHERE name = ${PENDING_NAME}) AS pending`,
};

/** Notes how far a pending change has come. $1 policy, $2 id of the last session that is done. */
export const movePendingPolicy: Statement = {
  name: 'handoff_move_pending_policy',
  text: `UPDATE sweep_positions SET position = jsonb_set(position::jsonb, '{after}', to_jsonb($2::text))::text WHERE name = ${PENDING_NAME}`,
};

/** Ends a pending change. $1 policy. */
export const endPendingPolicy: Statement = {
  name: 'handoff_end_pending_policy',
  text: `DELETE FROM sweep_positions WHERE name = ${PENDING_NAME}`,
};
