import type { Statement } from '../../storage/database.js';

// A note at '-infinity' is final: whoever is still writing that object finds out when it ends, so it never describes an object that
// may be gone.

/**
 * An object that is not found stays noted for this long after it was given up: an archiver that writes it while its session is erased
 * makes it appear later, and a folder that is not mounted has nothing in it.
 */
const MAY_APPEAR = "interval '1 day'";

const UNREFERRED = 'NOT EXISTS (SELECT FROM session_archives a WHERE a.session_id = n.session_id AND a.object_key = n.object_key)';

const CONDEMNED = `
UPDATE archive_leftovers n SET noted_at = '-infinity' FROM due WHERE n.object_key = due.object_key
RETURNING n.object_key, n.store, n.location, n.given_up_at <= now() - ${MAY_APPEAR} AS is_past`;

/**
 * Condemns objects that nothing refers to and gives those that may be deleted.
 *
 * $1 milliseconds for which a note is left alone, $2 maximum number of objects, $3 keys to pass over.
 */
export const condemnObjects: Statement = {
  name: 'handoff_archive_condemn',
  text: `
WITH due AS (
  SELECT n.object_key FROM archive_leftovers n
  WHERE n.noted_at <= now() - $1::float8 * interval '1 millisecond' AND n.object_key <> ALL ($3::text[]) AND ${UNREFERRED}
  ORDER BY n.noted_at
  LIMIT $2::int
  FOR UPDATE OF n SKIP LOCKED
)${CONDEMNED}`,
};

/** Does the same for all objects of a session that was deleted, however new their notes are. $1 session id. */
export const condemnObjectsOf: Statement = {
  name: 'handoff_archive_condemn_of',
  text: `
WITH due AS (
  SELECT n.object_key FROM archive_leftovers n
  WHERE n.session_id = $1::uuid AND NOT EXISTS (SELECT FROM sessions s WHERE s.id = $1::uuid)
  ORDER BY n.object_key
  FOR UPDATE OF n
)${CONDEMNED}`,
};

export interface CondemnedObject {
  readonly object_key: string;
  readonly store: string;
  readonly location: string;
  /** Whether it can be forgotten although it is not there. */
  readonly is_past: boolean;
}

/**
 * Notes an object that was written for nothing as final. Its note may be gone: a sweep found the object of an erased session and deleted
 * it, and then it was written once more. $1 object key, $2 session id, $3 store, $4 location.
 */
export const condemnObject: Statement = {
  name: 'handoff_archive_condemn_one',
  text: `
INSERT INTO archive_leftovers (object_key, session_id, store, location, noted_at) VALUES ($1, $2::uuid, $3, $4, '-infinity')
ON CONFLICT (object_key) DO UPDATE SET noted_at = '-infinity', given_up_at = now()`,
};

/**
 * Notes an object again that an archiver which failed may have written, unless it is noted, or described: the answer to a commit can be
 * lost. $1 object key, $2 session id, $3 store, $4 location.
 */
export const keepNoted: Statement = {
  name: 'handoff_archive_keep_noted',
  text: `
INSERT INTO archive_leftovers (object_key, session_id, store, location)
SELECT $1::text, $2::uuid, $3::text, $4::text WHERE NOT EXISTS (SELECT FROM session_archives WHERE session_id = $2::uuid AND object_key = $1::text)
ON CONFLICT (object_key) DO NOTHING`,
};

/** Forgets an object that was never written. $1 object key. */
export const forgetUnwritten: Statement = {
  name: 'handoff_archive_forget_unwritten',
  text: 'DELETE FROM archive_leftovers WHERE object_key = $1',
};

/** Forgets objects that were deleted. $1 object keys. */
export const forgetObjects: Statement = {
  name: 'handoff_archive_forget',
  text: "DELETE FROM archive_leftovers WHERE object_key = ANY ($1::text[]) AND noted_at = '-infinity'",
};

/** How many objects of a session may still be there. $1 session id. */
export const countObjectsOf: Statement = {
  name: 'handoff_archive_count_of',
  text: 'SELECT count(*)::int AS objects FROM archive_leftovers WHERE session_id = $1::uuid',
};
