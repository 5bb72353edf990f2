import type { Statement } from '../../storage/database.js';

/**
 * Locks a session that is to be erased, against all who write to it or place a hold. Gives no row for an unknown session.
 *
 * $1 session id or NULL, $2 session key or NULL.
 */
export const lockForErasure: Statement = {
  name: 'handoff_lock_for_erasure',
  text: `
SELECT id, session_key, created_at, retention_policy FROM sessions WHERE id = $1::uuid OR session_key = $2::text FOR UPDATE`,
};

export interface SessionToErase {
  readonly id: string;
  readonly session_key: string;
  readonly created_at: Date;
  readonly retention_policy: string | null;
}

/** What else must be known of a locked session: a hold, and the agents whose packages the cache may have. $1 session id. */
export const readBeforeErasure: Statement = {
  name: 'handoff_read_before_erasure',
  text: `
SELECT (SELECT placed_at FROM session_holds WHERE session_id = $1::uuid) AS held_since,
  ARRAY(SELECT agent_to FROM sessions WHERE id = $1::uuid AND agent_to IS NOT NULL
    UNION SELECT agent FROM session_past_agents WHERE session_id = $1::uuid
    UNION SELECT target_agent FROM handoff_requests WHERE session_id = $1::uuid AND target_agent IS NOT NULL) AS agents`,
};

export interface BeforeErasureRow {
  readonly held_since: Date | null;
  readonly agents: readonly string[];
}

/**
 * Deletes everything that our tables have about a session, and records that it was done. Its objects in the archive, also one that
 * somebody is just writing, are marked as to be deleted: at '-infinity' that is final.
 *
 * $1 session id, $2 time at which it was created (nothing about it is older, but for clocks that differ), $3 policy or NULL,
 * $4 who erases it, $5 how many of its entries this transaction has deleted already.
 */
export const eraseSession: Statement = {
  name: 'handoff_erase_session',
  text: `
WITH objects AS (
  INSERT INTO archive_leftovers (object_key, session_id, store, location, noted_at)
  SELECT object_key, session_id, store, location, '-infinity' FROM session_archives WHERE session_id = $1::uuid
  ON CONFLICT (object_key) DO UPDATE SET noted_at = '-infinity', given_up_at = now()
  RETURNING object_key
), unfinished_objects AS (
  UPDATE archive_leftovers SET noted_at = '-infinity', given_up_at = now()
  WHERE session_id = $1::uuid AND object_key NOT IN (SELECT object_key FROM session_archives WHERE session_id = $1::uuid)
  RETURNING object_key
), entries AS (
  DELETE FROM context_history WHERE session_id = $1::uuid RETURNING 1
), snapshots AS (
  DELETE FROM codebase_snapshots WHERE session_id = $1::uuid RETURNING 1
), handoffs AS (
  DELETE FROM handoff_requests WHERE session_id = $1::uuid RETURNING 1
), past_agents AS (
  DELETE FROM session_past_agents WHERE session_id = $1::uuid
), events AS (
  DELETE FROM session_lifecycle WHERE session_id = $1::uuid RETURNING 1
), logs AS (
  DELETE FROM performance_logs WHERE session_id = $1::uuid AND created_at >= $2::timestamptz - interval '1 day' RETURNING 1
), gone AS (
  DELETE FROM sessions WHERE id = $1::uuid RETURNING id
), counts AS (
  SELECT jsonb_build_object(
    'contextEntries', (SELECT count(*) FROM entries) + $5::bigint, 'snapshots', (SELECT count(*) FROM snapshots),
    'handoffs', (SELECT count(*) FROM handoffs), 'lifecycleEvents', (SELECT count(*) FROM events),
    'performanceLogs', (SELECT count(*) FROM logs),
    'archiveObjects', (SELECT count(*) FROM objects) + (SELECT count(*) FROM unfinished_objects)) AS deleted
), record AS (
  INSERT INTO deletion_records (session_id, cause, retention_policy, deleted_by, deleted)
  SELECT gone.id, 'erasure', $3::text, $4::text, counts.deleted FROM gone, counts
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id) SELECT $4::text, 'erasure', gone.id::text FROM gone
)
SELECT counts.deleted FROM gone, counts`,
};

/** What was deleted, in rows and objects. */
export interface ErasedRows {
  readonly contextEntries: number;
  readonly snapshots: number;
  readonly handoffs: number;
  readonly lifecycleEvents: number;
  readonly performanceLogs: number;
  readonly archiveObjects: number;
}

export interface EraseSessionRow {
  readonly deleted: ErasedRows;
}

/** When a session was deleted, if it was, and how many of its objects may still be there. $1 session id. */
export const findDeletion: Statement = {
  name: 'handoff_find_deletion',
  text: `
SELECT deleted_at, cause, (SELECT count(*)::int FROM archive_leftovers WHERE session_id = $1::uuid) AS objects
FROM deletion_records WHERE session_id = $1::uuid ORDER BY id DESC LIMIT 1`,
};

export interface DeletionRow {
  readonly deleted_at: Date;
  readonly cause: string;
  readonly objects: number;
}
