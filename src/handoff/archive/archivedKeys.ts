import type { Cache } from '../storage/cache.js';
import type { Database, Statement } from '../storage/database.js';
import { utcText } from '../storage/utcText.js';

/** Cache keys of the handoff contract, section 1.4: readers outside this server find an archived session under both. */

const WRITTEN_TTL_SECONDS = 604_800;

/** Selects archived sessions as the contract shows them. $1 session ids. */
const readArchivedSessions: Statement = {
  name: 'handoff_archive_sessions_json',
  text: `
SELECT s.id, s.session_key, json_build_object(
  'id', s.id, 'sessionKey', s.session_key, 'agentFrom', s.agent_from, 'agentTo', s.agent_to, 'status', s.status,
  'createdAt', ${utcText('s.created_at')}, 'updatedAt', ${utcText('s.updated_at')}, 'expiresAt', ${utcText('s.expires_at')}, 'metadata', s.metadata,
  'lastActivityAt', ${utcText('s.last_activity_at')}, 'isDormant', s.is_dormant, 'archivedAt', ${utcText('s.archived_at')},
  'retentionPolicy', s.retention_policy)::text AS value
FROM sessions s WHERE s.id = ANY ($1::uuid[]) AND s.archived_at IS NOT NULL`,
};

/** Selects those of sessions that are archived still. $1 session ids. */
const readStillArchived: Statement = {
  name: 'handoff_archive_still_archived',
  text: 'SELECT id FROM sessions WHERE id = ANY ($1::uuid[]) AND archived_at IS NOT NULL',
};

export function archivedKeys(sessionId: string, sessionKey: string): readonly string[] {
  return [`archived_session:${sessionId}`, `archived_session_by_key:${sessionKey}`];
}

interface ArchivedSessionRow {
  readonly id: string;
  readonly session_key: string;
  readonly value: string;
}

/** So many sessions are read at once, each with its metadata. */
const PAGE = 50;

/** Puts archived sessions into the cache. Never fails: they are archived whatever becomes of their cache. */
export async function rememberArchived(
  { database, cache }: { readonly database: Database; readonly cache: Cache },
  sessionIds: readonly string[],
): Promise<void> {
  try {
    for (let from = 0; from < sessionIds.length; from += PAGE) {
      const ids = sessionIds.slice(from, from + PAGE);
      const rows = await database.query<ArchivedSessionRow>(readArchivedSessions, [ids]);
      const entries = rows.flatMap(({ id, session_key: key, value }) => archivedKeys(id, key).map((each) => [each, value] as const));
      await Promise.all(entries.map(([key, value]) => cache.set(key, value, WRITTEN_TTL_SECONDS)));
      // Whoever erased or restored one meanwhile has perhaps cleared the cache before we wrote to it.
      const still = new Set((await database.query<{ readonly id: string }>(readStillArchived, [ids])).map(({ id }) => id));
      for (const { id, session_key: key } of rows) if (!still.has(id)) await forgetArchived(cache, id, key);
    }
  } catch {
    // What is missing is read from the database; what should not be there ends with its time to live.
  }
}

/** Removes both keys: the session is live again. */
export async function forgetArchived(cache: Cache, sessionId: string, sessionKey: string): Promise<void> {
  await Promise.all(archivedKeys(sessionId, sessionKey).map((key) => cache.delete(key)));
}
