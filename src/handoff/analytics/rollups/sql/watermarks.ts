import type { Statement } from '../../../storage/database.js';

/**
 * Takes the watermark of a kind for this transaction. No row means that another process is at it, or that there is none yet. $1 kind.
 */
export const claimWatermark: Statement = {
  name: 'handoff_claim_watermark',
  text: 'SELECT rolled_up_to, sealed_before, now() AS now FROM analytics_watermarks WHERE kind = $1 FOR UPDATE SKIP LOCKED',
};

export interface WatermarkRow {
  readonly rolled_up_to: Date;
  /** A number where it is infinite. */
  readonly sealed_before: Date | number;
  /** By the clock of the database. */
  readonly now: Date;
}

/** Makes the watermark of a kind at its first row, if there is none. $1 kind, $2 time of the first row. */
export const beginWatermark: Statement = {
  name: 'handoff_begin_watermark',
  text: 'INSERT INTO analytics_watermarks (kind, rolled_up_to) VALUES ($1, $2) ON CONFLICT (kind) DO NOTHING',
};

export const isBegun: Statement = {
  name: 'handoff_watermark_exists',
  text: 'SELECT 1 AS begun FROM analytics_watermarks WHERE kind = $1',
};

/** $1 kind, $2 new watermark, $3 rows read, $4 late rows among them. */
export const moveWatermark: Statement = {
  name: 'handoff_move_watermark',
  text: `
UPDATE analytics_watermarks SET rolled_up_to = $2, source_rows = source_rows + $3::bigint, late_rows = late_rows + $4::bigint, updated_at = now()
WHERE kind = $1`,
};

/** When the first row of each kind was written; NULL without any. */
export const firstTimes: Statement = {
  name: 'handoff_rollup_first_times',
  text: `
SELECT now() AS now,
  (SELECT min(created_at) FROM sessions) AS sessions,
  (SELECT min(created_at) FROM session_lifecycle) AS transitions,
  (SELECT min(created_at) FROM handoff_requests) AS handoffs,
  (SELECT min(created_at) FROM context_history) AS context,
  (SELECT min(created_at) FROM performance_logs) AS performance,
  (SELECT min(recorded_at) FROM system_metrics) AS resources`,
};

/**
 * Transactions of this database that may have written something and have not ended. Their locks are those that everybody may see; those of
 * other databases on the same server do not concern us.
 */
const WRITING = `
  SELECT l.transactionid::text FROM pg_locks l
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    LEFT JOIN pg_prepared_xacts p ON l.pid IS NULL AND p.transaction = l.transactionid
  WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock' AND COALESCE(a.datname, p.database) = current_database()
    AND l.pid IS DISTINCT FROM pg_backend_pid()`;

/** A time, and the transactions that were open at that time or soon after; the time is read first. See `settled.ts`. */
export const takeBarrier: Statement = {
  name: 'handoff_take_barrier',
  text: `SELECT now() - interval '1 minute' AS time, ARRAY(${WRITING}) AS writing`,
};

export interface BarrierRow {
  readonly time: Date;
  readonly writing: readonly string[];
}

/** Which of some transactions have not ended. $1 transactions. */
export const stillWriting: Statement = {
  name: 'handoff_barrier_still_writing',
  text: `SELECT ARRAY(SELECT open.transactionid FROM (${WRITING}) AS open WHERE open.transactionid = ANY ($1::text[])) AS writing`,
};

const BARRIER = 'analytics-barrier';

export const readBarrier: Statement = {
  name: 'handoff_read_barrier',
  text: `SELECT position FROM sweep_positions WHERE name = '${BARRIER}'`,
};

/** $1 barrier as JSON. */
export const keepBarrier: Statement = {
  name: 'handoff_keep_barrier',
  text: `
INSERT INTO sweep_positions (name, position) VALUES ('${BARRIER}', $1)
ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position, updated_at = now()`,
};

/** How far each kind is, and how many noted rows wait. */
export const readWatermarks: Statement = {
  name: 'handoff_read_watermarks',
  text: `
SELECT w.kind, w.rolled_up_to, extract(epoch FROM now() - w.rolled_up_to)::float8 AS lag_s, w.source_rows::float8 AS source_rows,
  w.late_rows::float8 AS late_rows,
  (SELECT count(*)::int FROM (SELECT FROM analytics_late_rows l WHERE l.kind = w.kind AND l.at < w.rolled_up_to LIMIT 10000) AS counted) AS waiting
FROM analytics_watermarks w`,
};

export interface WatermarkState {
  readonly kind: string;
  readonly rolled_up_to: Date;
  readonly lag_s: number;
  readonly source_rows: number;
  readonly late_rows: number;
  /** Noted rows that are not yet in their buckets, counted up to 10,000. */
  readonly waiting: number;
}
