import type { Cache } from '../storage/cache.js';
import type { Database, Statement } from '../storage/database.js';

/** Cache keys of the handoff contract, section 1.4: readers outside this server find an archived session under both. */

const WRITTEN_TTL_SECONDS = 604_800;

/** Selects an archived session as the contract shows one. $1 session id. */
const readArchivedSession: Statement = {
  name: 'handoff_archive_session_json',
  text: `
SELECT s.session_key, json_build_object(
  'id', s.id, 'sessionKey', s.session_key, 'agentFrom', s.agent_from, 'agentTo', s.agent_to, 'status', s.status,
  'createdAt', ${iso('s.created_at')}, 'updatedAt', ${iso('s.updated_at')}, 'expiresAt', ${iso('s.expires_at')}, 'metadata', s.metadata,
  'lastActivityAt', ${iso('s.last_activity_at')}, 'isDormant', s.is_dormant, 'archivedAt', ${iso('s.archived_at')},
  'retentionPolicy', s.retention_policy)::text AS value
FROM sessions s WHERE s.id = $1::uuid AND s.archived_at IS NOT NULL`,
};

function iso(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

export function archivedKeys(sessionId: string, sessionKey: string): readonly string[] {
  return [`archived_session:${sessionId}`, `archived_session_by_key:${sessionKey}`];
}

/** Puts an archived session into the cache. Never fails once the session was read. */
export async function rememberArchived(
  { database, cache }: { readonly database: Database; readonly cache: Cache },
  sessionId: string,
): Promise<void> {
  const [row] = await database
    .query<{ readonly session_key: string; readonly value: string }>(readArchivedSession, [sessionId])
    // The session is archived whatever becomes of its cache.
    .catch(() => []);
  if (row === undefined) return;
  await Promise.all(archivedKeys(sessionId, row.session_key).map((key) => cache.set(key, row.value, WRITTEN_TTL_SECONDS)));
}

/** Removes both keys: the session is live again. */
export async function forgetArchived(cache: Cache, sessionId: string, sessionKey: string): Promise<void> {
  await Promise.all(archivedKeys(sessionId, sessionKey).map((key) => cache.delete(key)));
}
