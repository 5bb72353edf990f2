import type { Statement } from '../../storage/database.js';

/**
 * Makes others who change policies wait for this transaction, so that each change is recorded with what was there before it. Those who
 * read policies, as every registration does, go on.
 */
export const lockPolicies: Statement = {
  name: 'handoff_lock_policies',
  text: 'LOCK TABLE retention_policies IN SHARE ROW EXCLUSIVE MODE',
};
