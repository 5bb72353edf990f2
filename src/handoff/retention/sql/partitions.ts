import type { Statement } from '../../storage/database.js';

/** SQLSTATE of a lock that others did not give back in time, and of a deadlock: it is tried again, then left to the next maintenance. */
export const HELD_UP: readonly string[] = ['55P03', '40P01'];

/**
 * Makes the partitions of one table for this month and the coming three; resolves with how many were missing. One table for each statement,
 * as its locks last until its end: waiting for one table must not hold up those who write to another. $1 table.
 */
export const createPartitions: Statement = {
  name: 'handoff_make_partitions_ahead',
  text: "SELECT handoff_create_monthly_partitions($1::text, now(), now() + interval '3 months') AS made",
  expectedFailures: HELD_UP,
};

/** The times before which each log table keeps nothing: the longest retention of all policies decides. */
export const readCutoffs: Statement = {
  name: 'handoff_read_log_cutoffs',
  text: `
SELECT now() - make_interval(secs => max(log_retention_days) * 86400) AS logs,
  now() - make_interval(secs => max(metrics_retention_days) * 86400) AS metrics
FROM retention_policies`,
};

export interface CutoffsRow {
  /** NULL without any policy: then nothing is dropped. */
  readonly logs: Date | null;
  readonly metrics: Date | null;
}

/** Detaches the oldest partition that lies wholly before a time. $1 table, $2 time. */
export const detachPartition: Statement = {
  name: 'handoff_detach_partition',
  text: 'SELECT handoff_detach_expired_partition($1::text, $2::timestamptz) AS partition',
  expectedFailures: HELD_UP,
};

/** Drops one detached partition. $1 table. */
export const dropPartition: Statement = {
  name: 'handoff_drop_partition',
  text: 'SELECT handoff_drop_expired_partition($1::text) AS partition',
  expectedFailures: HELD_UP,
};

export interface PartitionRow {
  /** NULL when there is none. */
  readonly partition: string | null;
}

/** Deletes old rows of the default partition. $1 table, $2 time, $3 maximum number of rows. */
export const deleteStrays: Statement = {
  name: 'handoff_delete_strays',
  text: 'SELECT handoff_delete_stray_rows($1::text, $2::timestamptz, $3::int) AS deleted',
};
