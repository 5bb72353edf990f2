import type { Statement } from '../../storage/database.js';
import { CACHED_KEYS } from './cachedKeys.js';
import type { CachedKeysRow } from './cachedKeys.js';

/**
 * A page of the sessions that became dormant or ended after a point in time and still are, and whose cache entries may not have run out
 * by themselves: the longest-lived ones of the contract last a day from the session's last activity.
 *
 * The page ends after `events` lifecycle events; `next_time` and `next_id` continue after it. There is always one row; its columns of a
 * session are NULL where the page has none.
 *
 * $1 time and $2 id of the lifecycle event before the page, $3 maximum number of events.
 */
export const fallenAsleep: Statement = {
  name: 'handoff_fallen_asleep',
  text: `
WITH events AS (
  SELECT id, session_id, created_at FROM session_lifecycle
  WHERE (created_at, id) > ($1::timestamptz, $2::uuid) AND event_type IN ('dormant', 'expired', 'archived')
  ORDER BY created_at, id LIMIT $3::int
), last AS (
  SELECT created_at::text AS next_time, id AS next_id FROM events ORDER BY created_at DESC, id DESC LIMIT 1
), subjects AS (
  SELECT ${CACHED_KEYS} FROM sessions s
  WHERE s.id IN (SELECT session_id FROM events) AND s.last_activity_at > now() - interval '1 day'
    AND (s.is_dormant OR s.status <> 'active' OR s.archived_at IS NOT NULL)
)
SELECT (SELECT count(*)::int FROM events) AS events, last.next_time, last.next_id, subjects.*
FROM (SELECT) AS always LEFT JOIN last ON true LEFT JOIN subjects ON true`,
};

export interface FallenAsleepRow {
  readonly events: number;
  readonly next_time: string | null;
  readonly next_id: string | null;
  readonly session_key: CachedKeysRow['session_key'] | null;
  readonly is_dead: CachedKeysRow['is_dead'] | null;
  readonly agents: CachedKeysRow['agents'] | null;
}
