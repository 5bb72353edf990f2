/**
 * SQL that reads a policy's value for a session. It is read in every statement, so that a change acts at once on all replicas; a
 * policy that does not exist counts as `standard`. This is the one place that says so, and that has the numbers of the handoff contract for
 * a table that someone emptied: without a number, columns that may not be NULL would refuse the statement.
 */
const policyValue = (column: string, policy: string, otherwise: number): string => `COALESCE(
      (SELECT own.${column} FROM retention_policies own WHERE own.name = ${policy}),
      (SELECT common.${column} FROM retention_policies common WHERE common.name = 'standard'), ${otherwise})`;

const CONTRACT = { dormantHours: 2, activeHours: 24, archivedDays: 30 } as const;

/** Idle hours after which a session is dormant. `policy` is SQL for the name, qualified. */
export const dormantThresholdHours = (policy: string): string => policyValue('dormant_threshold_hours', policy, CONTRACT.dormantHours);

/** Idle hours after which a session expires. `policy` is SQL for the name, qualified. */
export const activeTtlHours = (policy: string): string => policyValue('active_session_ttl_hours', policy, CONTRACT.activeHours);

/** Days in the archive after which a session is deleted. `policy` is SQL for the name, qualified. */
export const archivedTtlDays = (policy: string): string => policyValue('archived_session_ttl_days', policy, CONTRACT.archivedDays);
