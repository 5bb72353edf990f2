import { gunzipSync } from 'node:zlib';
import type { Client } from '@modelcontextprotocol/client';
import type pg from 'pg';
import type { ChaosStore } from './chaosStore.js';

/** A handoff as it is stored, in the database or in the object of its archived session. */
export interface StoredHandoff {
  readonly id: string;
  readonly session_id: string;
  readonly requesting_agent: string;
  readonly target_agent: string;
  readonly request_type: string;
  readonly status: string;
  readonly answered_by: string | null;
}

/** What the judge looks at. */
export interface Evidence {
  readonly database: pg.Pool;
  /** Connected to a replica, to read as an agent reads. */
  readonly client: Client;
  handoffs(): Promise<readonly StoredHandoff[]>;
}

const HOT = 'SELECT id, session_id, requesting_agent, target_agent, request_type, status, answered_by FROM handoff_requests';

/** Reads the handoffs of all sessions: those in the database, and those in the objects, without the code that wrote them. */
export async function storedHandoffs(database: pg.Pool, store: Pick<ChaosStore, 'read'>): Promise<StoredHandoff[]> {
  const { rows: found } = await database.query<StoredHandoff>(HOT);
  const { rows: objects } = await database.query<{ object_key: string }>('SELECT object_key FROM session_archives ORDER BY object_key');
  for (const { object_key: key } of objects) {
    const lines = gunzipSync(await store.read(key))
      .toString()
      .split('\n');
    for (const line of lines)
      if (line.startsWith('{"handoff":')) found.push((JSON.parse(line) as { readonly handoff: StoredHandoff }).handoff);
  }
  return found;
}
