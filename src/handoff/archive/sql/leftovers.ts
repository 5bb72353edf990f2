import type { Statement } from '../../storage/database.js';

/**
 * Condemns objects that nothing refers to and gives those that may be deleted. A note at '-infinity' is final: whoever is still
 * writing that object finds out when it ends, so it never describes an object that may be gone.
 *
 * $1 milliseconds for which a note is left alone, $2 maximum number of objects, $3 keys to pass over.
 */
export const condemnObjects: Statement = {
  name: 'handoff_archive_condemn',
  text: `
WITH due AS (
  SELECT n.object_key FROM archive_leftovers n
  WHERE n.noted_at <= now() - $1::float8 * interval '1 millisecond'
    AND n.object_key <> ALL ($3::text[])
    AND NOT EXISTS (SELECT FROM session_archives a WHERE a.session_id = n.session_id AND a.object_key = n.object_key)
  ORDER BY n.noted_at
  LIMIT $2::int
  FOR UPDATE OF n SKIP LOCKED
)
UPDATE archive_leftovers n SET noted_at = '-infinity' FROM due WHERE n.object_key = due.object_key
RETURNING n.object_key, n.store, n.location`,
};

export interface CondemnedObject {
  readonly object_key: string;
  readonly store: string;
  readonly location: string;
}

/** Gives up an object that was noted, at once. $1 object key. */
export const condemnObject: Statement = {
  name: 'handoff_archive_condemn_one',
  text: "UPDATE archive_leftovers SET noted_at = '-infinity' WHERE object_key = $1",
};

/** Forgets objects that were deleted. $1 object keys. */
export const forgetObjects: Statement = {
  name: 'handoff_archive_forget',
  text: "DELETE FROM archive_leftovers WHERE object_key = ANY ($1::text[]) AND noted_at = '-infinity'",
};

/**
 * Notes the objects of sessions that are about to be deleted, in the transaction that deletes them: a sweep may delete them as soon as it
 * has committed. Without this, a trigger notes them, and they are left alone for a while. $1 session ids.
 */
export const noteRemoval: Statement = {
  name: 'handoff_archive_note_removal',
  text: `
INSERT INTO archive_leftovers (object_key, session_id, store, location, noted_at)
SELECT object_key, session_id, store, location, '-infinity' FROM session_archives WHERE session_id = ANY ($1::uuid[])
ON CONFLICT (object_key) DO UPDATE SET noted_at = '-infinity'
RETURNING object_key, store, location`,
};
