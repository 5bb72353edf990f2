/**
 * SQL that reads a policy's value for a session. It is read in every statement, so that a change acts at once on all replicas; a
 * policy that does not exist counts as `standard`. The numbers are those of the handoff contract, for a table that someone emptied.
 */
const policyValue = (column: string, policy: string, otherwise: number): string => `COALESCE(
      (SELECT p.${column} FROM retention_policies p WHERE p.name = ${policy}),
      (SELECT p.${column} FROM retention_policies p WHERE p.name = 'standard'), ${otherwise})`;

/** Idle hours after which a session is dormant. `policy` is SQL for the name, qualified. */
export const dormantThresholdHours = (policy: string): string => policyValue('dormant_threshold_hours', policy, 2);

/** Idle hours after which a session expires. `policy` is SQL for the name, qualified. */
export const activeTtlHours = (policy: string): string => policyValue('active_session_ttl_hours', policy, 24);

/** Days in the archive after which a session is deleted. `policy` is SQL for the name, qualified. */
export const archivedTtlDays = (policy: string): string => policyValue('archived_session_ttl_days', policy, 30);
