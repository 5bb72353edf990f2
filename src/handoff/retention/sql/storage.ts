import { retentionMetrics } from '../../../telemetry/catalogue/retention.js';
import type { Statement } from '../../storage/database.js';
import { OUR_SCHEMA } from '../../storage/ourSchema.js';

/** Our tables that grow; partitions are found from their parents. */
export const MEASURED_TABLES = [
  'sessions',
  'context_history',
  'codebase_snapshots',
  'handoff_requests',
  'session_past_agents',
  'session_archives',
  'session_lifecycle',
  'performance_logs',
  'system_metrics',
  'analytics_aggregations',
  'deletion_records',
  'retention_changes',
] as const;

/** Selects the size of each of our tables and partitions. $1 names of the tables. */
export const readRelations: Statement = {
  name: 'handoff_read_relations',
  text: `
SELECT COALESCE(parent.relname, c.relname) AS table, CASE WHEN parent.oid IS NOT NULL THEN c.relname END AS partition,
  pg_table_size(c.oid)::float8 AS table_bytes, pg_indexes_size(c.oid)::float8 AS index_bytes,
  CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END AS rows,
  substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz AS before
FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relkind = 'r' AND c.relnamespace = ${OUR_SCHEMA}
  AND COALESCE(parent.relname, c.relname) = ANY ($1::text[])
ORDER BY 1, before NULLS LAST`,
};

export interface RelationRow {
  readonly table: string;
  readonly partition: string | null;
  readonly table_bytes: number;
  readonly index_bytes: number;
  /** The planner's estimate; NULL before the first ANALYZE. */
  readonly rows: number | null;
  /** End of the time that a partition covers; NULL for tables and the default partition. */
  readonly before: Date | null;
}

/**
 * Selects, for each policy, its sessions and their bytes: live ones, those that half of the present time to live would end, archived
 * ones, and those that half of the present time in the archive would delete. Those on hold count as staying.
 */
export const readPolicyUse: Statement = {
  name: 'handoff_read_policy_use',
  text: `
SELECT COALESCE(own.name, standard.name) AS policy,
  count(*) FILTER (WHERE s.archived_at IS NULL)::float8 AS live,
  count(*) FILTER (WHERE s.archived_at IS NULL AND s.ttl_hours IS NOT NULL
    AND COALESCE(s.last_activity_at, s.updated_at) + make_interval(secs => s.ttl_hours * 1800) <= now())::float8 AS ended_by_half,
  count(*) FILTER (WHERE s.archived_at IS NOT NULL)::float8 AS archived,
  count(a.session_id)::float8 AS objects,
  COALESCE(sum(a.stored_bytes), 0)::float8 AS archive_bytes,
  COALESCE(sum(a.stored_bytes) FILTER (WHERE h.session_id IS NULL AND s.archived_at
    + make_interval(secs => COALESCE(own.archived_session_ttl_days, standard.archived_session_ttl_days) * 43200) <= now()), 0)::float8
    AS archive_bytes_deleted_by_half
FROM sessions s
JOIN retention_policies standard ON standard.name = 'standard'
LEFT JOIN retention_policies own ON own.name = s.retention_policy
LEFT JOIN session_archives a ON a.session_id = s.id
LEFT JOIN session_holds h ON h.session_id = s.id
GROUP BY 1 ORDER BY 1`,
};

export interface PolicyUseRow {
  readonly policy: string;
  readonly live: number;
  readonly ended_by_half: number;
  readonly archived: number;
  readonly objects: number;
  readonly archive_bytes: number;
  readonly archive_bytes_deleted_by_half: number;
}

/** Selects the size of the whole database, and the database's time. */
export const readDatabaseSize: Statement = {
  name: 'handoff_read_database_size',
  text: 'SELECT pg_database_size(current_database())::float8 AS bytes, now() AS at',
};

/** Selects the size of all objects in the archive, as they are described. No parameters. */
export const readArchiveSize: Statement = {
  name: 'handoff_read_archive_size',
  text: 'SELECT COALESCE(sum(stored_bytes), 0)::float8 AS bytes FROM session_archives',
};

const SAMPLE = retentionMetrics.storageSize.name;

/**
 * Keeps a sample of sizes, unless one was kept within the hour. One of the future is from before the database's clock was put back.
 *
 * $1 parts, $2 their bytes.
 */
export const keepSample: Statement = {
  name: 'handoff_keep_storage_sample',
  text: `
INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels)
SELECT '${SAMPLE}', size.bytes, 'gauge', jsonb_build_object('part', size.part)
FROM unnest($1::text[], $2::float8[]) AS size (part, bytes)
WHERE NOT EXISTS (SELECT FROM system_metrics WHERE metric_name = '${SAMPLE}' AND recorded_at > now() - interval '59 minutes' AND recorded_at <= now())`,
};

/** Selects the growth of each part over the samples of the last two weeks, where they span at least six hours. */
export const readGrowth: Statement = {
  name: 'handoff_read_storage_growth',
  text: `
SELECT labels ->> 'part' AS part,
  regr_slope(metric_value::float8, extract(epoch FROM recorded_at)::float8) * 86400 AS bytes_per_day
FROM system_metrics
WHERE metric_name = '${SAMPLE}' AND recorded_at > now() - interval '14 days' AND recorded_at <= now()
GROUP BY 1 HAVING max(recorded_at) - min(recorded_at) >= interval '6 hours'`,
};

export interface GrowthRow {
  readonly part: string;
  readonly bytes_per_day: number | null;
}
