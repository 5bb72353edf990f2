import type { Statement } from '../../storage/database.js';

const HOLD_JSON = (table: string): string => `jsonb_build_object('reason', ${table}.reason, 'placedBy', ${table}.placed_by)`;

/**
 * Places a hold, or changes the reason of one, and records it. Gives no row for an unknown session.
 *
 * The lock on the session conflicts with that of a deletion and with nothing that ordinary calls do: a deletion that has begun is
 * waited for, and one that begins later sees the hold (see the trigger `handoff_sessions_hold`).
 *
 * $1 session id or NULL, $2 session key or NULL, $3 reason, $4 who places it.
 */
export const placeHold: Statement = {
  name: 'handoff_place_hold',
  text: `
WITH target AS (
  SELECT id, session_key FROM sessions WHERE id = $1::uuid OR session_key = $2::text FOR KEY SHARE
), before AS (
  SELECT h.session_id, h.reason, h.placed_by FROM session_holds h JOIN target ON target.id = h.session_id
), placed AS (
  INSERT INTO session_holds AS h (session_id, reason, placed_by)
  SELECT id, $3::text, $4::text FROM target
  ON CONFLICT (session_id) DO UPDATE SET reason = EXCLUDED.reason, placed_by = EXCLUDED.placed_by WHERE h.reason <> EXCLUDED.reason
  RETURNING h.session_id, h.reason, h.placed_by
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before, after)
  SELECT $4::text, 'hold', placed.session_id::text, (SELECT ${HOLD_JSON('before')} FROM before), ${HOLD_JSON('placed')} FROM placed
)
SELECT target.id, target.session_key, EXISTS (SELECT FROM placed) AS changed FROM target`,
};

/** Ends a hold and records it. Gives no row for an unknown session. $1 session id or NULL, $2 session key or NULL, $3 who ends it. */
export const endHold: Statement = {
  name: 'handoff_end_hold',
  text: `
WITH target AS (
  SELECT id, session_key FROM sessions WHERE id = $1::uuid OR session_key = $2::text
), ended AS (
  DELETE FROM session_holds h USING target WHERE h.session_id = target.id RETURNING h.session_id, h.reason, h.placed_by
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before)
  SELECT $3::text, 'hold', ended.session_id::text, ${HOLD_JSON('ended')} FROM ended
)
SELECT target.id, target.session_key, EXISTS (SELECT FROM ended) AS changed FROM target`,
};

export interface HoldRow {
  readonly id: string;
  readonly session_key: string;
  readonly changed: boolean;
}

/** Selects holds, oldest first. $1 how many. */
export const listHolds: Statement = {
  name: 'handoff_list_holds',
  text: `
SELECT h.session_id, s.session_key, h.reason, h.placed_by, h.placed_at FROM session_holds h JOIN sessions s ON s.id = h.session_id
ORDER BY h.placed_at, h.session_id LIMIT $1::int`,
};

export interface ListedHoldRow {
  readonly session_id: string;
  readonly session_key: string;
  readonly reason: string;
  readonly placed_by: string;
  readonly placed_at: Date;
}
