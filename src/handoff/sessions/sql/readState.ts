import type { Statement } from '../../storage/database.js';

/** State of a session as readers see it. An unknown session gives no row. $1 session key. */
export const readState: Statement = {
  name: 'handoff_read_state',
  text: `SELECT id, CASE WHEN archived_at IS NULL THEN status ELSE 'archived' END AS status FROM sessions WHERE session_key = $1`,
};

export interface StateRow {
  readonly id: string;
  readonly status: string;
}
