import type { Statement } from '../../storage/database.js';

/** Makes other writers of a session queue behind this transaction. $1 session key. */
export const lockSession: Statement = {
  name: 'handoff_lock_session',
  text: 'SELECT id FROM sessions WHERE session_key = $1 FOR UPDATE',
};
