import pg from 'pg';
import type { StoredEntry } from '../evidence.js';

const ENTRIES = `
SELECT s.session_key AS "sessionKey", c.content
FROM context_history c JOIN sessions s ON s.id = c.session_id
WHERE c.context_type = 'message'`;

/** Every entry that agents wrote and that the database has. */
export async function storedEntries(connection: pg.ClientConfig): Promise<readonly StoredEntry[]> {
  return withClient(connection, async (client) => (await client.query<StoredEntry>(ENTRIES)).rows);
}

/** Runs `work` with a connection of its own. */
export async function withClient<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined); // its server may be killed
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
