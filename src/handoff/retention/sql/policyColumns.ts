import type { StoredPolicy } from '../retentionPolicy.js';

export const POLICY_COLUMNS =
  'name, active_session_ttl_hours, archived_session_ttl_days, log_retention_days, metrics_retention_days, dormant_threshold_hours, updated_at, updated_by';

/** A policy as `retention_changes` records it, under the names that callers know. */
export function policyJson(table: string): string {
  return `jsonb_build_object('activeSessionTtl', ${table}.active_session_ttl_hours, 'archivedSessionTtl', ${table}.archived_session_ttl_days,
    'logRetentionDays', ${table}.log_retention_days, 'metricsRetentionDays', ${table}.metrics_retention_days,
    'dormantThresholdHours', ${table}.dormant_threshold_hours)`;
}

export interface PolicyRow {
  readonly name: string;
  readonly active_session_ttl_hours: number;
  readonly archived_session_ttl_days: number;
  readonly log_retention_days: number;
  readonly metrics_retention_days: number;
  readonly dormant_threshold_hours: number;
  readonly updated_at: Date;
  readonly updated_by: string;
}

export function toPolicy(row: PolicyRow): StoredPolicy {
  return {
    name: row.name,
    activeSessionTtl: row.active_session_ttl_hours,
    archivedSessionTtl: row.archived_session_ttl_days,
    logRetentionDays: row.log_retention_days,
    metricsRetentionDays: row.metrics_retention_days,
    dormantThresholdHours: row.dormant_threshold_hours,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}
