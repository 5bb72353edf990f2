import type { Statement } from '../../../storage/database.js';

export const readPositions: Statement = {
  name: 'handoff_read_detector_positions',
  text: 'SELECT kind, subject, judged_to FROM analytics_detectors',
};

export interface PositionRow {
  readonly kind: string;
  readonly subject: string;
  readonly judged_to: Date;
}

/** $1 kind, $2 subject, $3 first bucket. */
export const beginDetector: Statement = {
  name: 'handoff_begin_detector',
  text: 'INSERT INTO analytics_detectors (kind, subject, judged_to) VALUES ($1, $2, $3) ON CONFLICT (kind, subject) DO NOTHING',
};

/** Takes a detector for this transaction. No row means that another process has it, or that it is gone. $1 kind, $2 subject. */
export const claimDetector: Statement = {
  name: 'handoff_claim_detector',
  text: 'SELECT judged_to, state, last_bucket_at FROM analytics_detectors WHERE kind = $1 AND subject = $2 FOR UPDATE SKIP LOCKED',
};

export interface DetectorRow {
  readonly judged_to: Date;
  readonly state: Uint8Array;
  readonly last_bucket_at: Date | null;
}

/** $1 kind, $2 subject, $3 position, $4 state, $5 time of the last value. */
export const keepDetector: Statement = {
  name: 'handoff_keep_detector',
  text: 'UPDATE analytics_detectors SET judged_to = $3, state = $4, last_bucket_at = $5 WHERE kind = $1 AND subject = $2',
};

/** $1 kind, $2 subject. */
export const dropDetector: Statement = {
  name: 'handoff_drop_detector',
  text: 'DELETE FROM analytics_detectors WHERE kind = $1 AND subject = $2',
};

/**
 * How far detectors are behind what happens, and what their states take. Where there is none, every sample that is rolled up waits.
 * NULL where there is neither.
 */
export const readDetectorState: Statement = {
  name: 'handoff_read_detector_state',
  text: `
SELECT extract(epoch FROM now() - COALESCE(
    (SELECT min(judged_to) FROM analytics_detectors),
    (SELECT min(time_bucket) FROM analytics_aggregations
      WHERE aggregation_type = 'resources' AND granularity = 'minute' AND dimension = 'metric')
  ) - interval '5 minutes')::float8 AS lag_s,
  (SELECT COALESCE(sum(octet_length(state)), 0)::float8 FROM analytics_detectors) AS state_bytes`,
};

export interface DetectorStateRow {
  readonly lag_s: number | null;
  readonly state_bytes: number;
}
