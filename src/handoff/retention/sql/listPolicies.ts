import type { Statement } from '../../storage/database.js';
import { POLICY_COLUMNS } from './policyColumns.js';

/** Selects all policies by name. */
export const listPolicies: Statement = {
  name: 'handoff_list_policies',
  text: `SELECT ${POLICY_COLUMNS} FROM retention_policies ORDER BY name`,
};
