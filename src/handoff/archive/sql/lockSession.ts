import type { Statement } from '../../storage/database.js';

/** Locks a session until the end of the transaction and says whether it has changed. $1 session id. */
export const lockSession: Statement = {
  name: 'handoff_archive_lock_session',
  text: 'SELECT hashtextextended(s::text, 0)::text AS hash FROM sessions s WHERE s.id = $1::uuid FOR UPDATE',
};

export interface LockedSession {
  readonly hash: string;
}
