import type { Statement } from '../../storage/database.js';

/** Selects the names of all retention policies. */
export const listPolicyNames: Statement = {
  name: 'handoff_list_policy_names',
  text: 'SELECT name FROM retention_policies ORDER BY name',
};
