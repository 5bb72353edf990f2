import type { Statement } from '../../storage/database.js';

const COLUMNS =
  's.id AS session_id, s.session_key, s.status, s.archived_at, a.object_key, a.store, a.location, a.sha256, a.stored_bytes::float8 AS stored_bytes, a.content_bytes::float8 AS content_bytes, a.entry_count, a.snapshot_count, a.handoff_count, a.written_at';

/** Selects a session and the description of its archive, whose columns are NULL if it has none. $1 session id. */
export const describeArchive: Statement = {
  name: 'handoff_archive_describe',
  text: `SELECT ${COLUMNS} FROM sessions s LEFT JOIN session_archives a ON a.session_id = s.id WHERE s.id = $1::uuid`,
};

/**
 * Does the same by id, or by session key where no session has that id: agents choose keys, and one can look like the id of another
 * session. $1 key or id.
 */
export const findArchive: Statement = {
  name: 'handoff_archive_find',
  text: `SELECT ${COLUMNS} FROM sessions s LEFT JOIN session_archives a ON a.session_id = s.id WHERE s.session_key = $1::text OR s.id = CASE WHEN $1::text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN $1::uuid END ORDER BY s.id::text = $1::text DESC`,
};

/** Selects archives in the order of their session ids. $1 after this session id, $2 maximum number. */
export const listArchives: Statement = {
  name: 'handoff_archive_list',
  text: `SELECT ${COLUMNS} FROM session_archives a JOIN sessions s ON s.id = a.session_id WHERE a.session_id > $1::uuid ORDER BY a.session_id LIMIT $2::int`,
};

/** Gives a row while a session is archived in this object. $1 session id, $2 object key. */
export const isDescribed: Statement = {
  name: 'handoff_archive_is_described',
  text: 'SELECT session_id FROM session_archives WHERE session_id = $1::uuid AND object_key = $2',
};

interface SessionOfArchive {
  readonly session_id: string;
  readonly session_key: string;
  readonly status: string;
  readonly archived_at: Date | null;
}

/** The description of an archive; the bytes are those of the stored object and of what it holds uncompressed. */
export interface ArchiveDescription extends SessionOfArchive {
  readonly object_key: string;
  readonly store: string;
  readonly location: string;
  readonly sha256: string;
  readonly stored_bytes: number;
  readonly content_bytes: number;
  readonly entry_count: number;
  readonly snapshot_count: number;
  readonly handoff_count: number;
  readonly written_at: Date;
}

export type DescribedSession = ArchiveDescription | (SessionOfArchive & { readonly object_key: null });
