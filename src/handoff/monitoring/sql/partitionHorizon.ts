import type { Statement } from '../../storage/database.js';

export interface PartitionHorizonRow {
  /** Days from now to the end of the last partition, of the log table that has the fewest; NULL if one has none. */
  readonly days: number | null;
  /** Whether none of the log tables has any, as in a new embedded database. */
  readonly is_new: boolean;
}

/** For how long each of the log tables has partitions besides the default one. No parameters. */
export const partitionHorizon: Statement = {
  name: 'handoff_partition_horizon',
  text: `
SELECT CASE WHEN bool_and(upper_bound IS NOT NULL) THEN extract(epoch FROM min(upper_bound) - now())::float8 / 86400 END AS days,
  bool_and(upper_bound IS NULL) AS is_new
FROM unnest(ARRAY['session_lifecycle', 'performance_logs', 'system_metrics']) AS log_table (name)
CROSS JOIN LATERAL (
  SELECT max(substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz) AS upper_bound
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = to_regclass(log_table.name)
) AS bounds`,
};
