import type { Statement } from '../../storage/database.js';
import { traced } from '../../storage/tracedEvent.js';
import { isReady } from './isReady.js';

/** Sessions to look at, with the time from which those that were active lately are due. */
const CANDIDATES = `
  SELECT s.id, ${isReady('s')} AS ready, s.last_activity_at + s.ttl_hours * interval '1 hour' AS idle_at
  FROM sessions s
  WHERE s.status <> 'active' AND s.archived_at IS NULL AND s.expires_at <= now()`;
const FIRST_UNLOCKED = `
  ORDER BY s.expires_at
  LIMIT $1::int
  FOR UPDATE OF s SKIP LOCKED`;
const MOVED_ON =
  'UPDATE sessions SET expires_at = candidates.idle_at FROM candidates WHERE sessions.id = candidates.id AND NOT candidates.ready';

/**
 * Notes the objects that are about to be written for sessions whose time has come, so that a crash leaves none unknown. Sessions
 * that others are archiving, or lately failed to, are passed over. Of completed ones that have been active since their time was set,
 * the time is moved on.
 *
 * $1 maximum number of sessions, $2 store, $3 location, $4 milliseconds for which a note keeps others away.
 */
export const noteDueObjects: Statement = {
  name: 'handoff_archive_note_due',
  text: `
WITH candidates AS (${CANDIDATES}
    AND NOT EXISTS (
      SELECT FROM archive_leftovers n WHERE n.session_id = s.id AND n.noted_at > now() - $4::float8 * interval '1 millisecond'
    )${FIRST_UNLOCKED}
), later AS (
  ${MOVED_ON}
), noted AS (
  INSERT INTO archive_leftovers (object_key, session_id, store, location)
  SELECT left(id::text, 2) || '/' || substr(id::text, 3, 2) || '/' || id || '.' || gen_random_uuid() || '.jsonl.gz', id, $2::text, $3::text
  FROM candidates WHERE ready
  RETURNING session_id, object_key
)
SELECT noted.session_id, noted.object_key, (SELECT count(*) FROM candidates)::int AS examined
FROM (SELECT 1) one LEFT JOIN noted ON true`,
};

export interface DueObject {
  readonly session_id: string | null;
  readonly object_key: string | null;
  /** Sessions that were looked at, the same in every row. */
  readonly examined: number;
}

/**
 * Archives due sessions where they are, for servers without an object store: all in one statement, with their events.
 *
 * $1 maximum number of sessions, $2 traceparent of the call or NULL.
 */
export const archiveDueInPlace: Statement = {
  name: 'handoff_archive_due_in_place',
  text: `
WITH candidates AS (${CANDIDATES}${FIRST_UNLOCKED}
), later AS (
  ${MOVED_ON}
), archived AS (
  UPDATE sessions SET archived_at = now(), is_dormant = true FROM candidates WHERE sessions.id = candidates.id AND candidates.ready
  RETURNING sessions.id, sessions.status
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'archived', ${traced("jsonb_build_object('from', status, 'store', 'none')", '$2')} FROM archived
)
SELECT ARRAY(SELECT id FROM archived) AS archived, (SELECT count(*) FROM candidates)::int AS examined`,
};

export interface ArchivedInPlace {
  /** Session ids. */
  readonly archived: readonly string[];
  readonly examined: number;
}

/** Notes the object of one session, due or not. $1 session id, $2 store, $3 location. */
export const noteObject: Statement = {
  name: 'handoff_archive_note',
  text: `
INSERT INTO archive_leftovers (object_key, session_id, store, location)
SELECT left(id::text, 2) || '/' || substr(id::text, 3, 2) || '/' || id || '.' || gen_random_uuid() || '.jsonl.gz', id, $2::text, $3::text
FROM (SELECT $1::uuid AS id) session
RETURNING object_key`,
};

export interface NotedObject {
  readonly object_key: string;
}
