import pg from 'pg';
import { migrate } from '../../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../src/time/clock.js';
import { entryArguments, sessionKey } from '../updateContextLoad.js';

/** Sessions that share the entries, those of the callers among them: so each of these has a long history of its own, too. */
export const SESSIONS = 125;
/** Entries that one statement writes. */
const BATCH = 500_000;

/** Migrates an empty database and fills it with entries of active sessions, as many for each. Resolves with how many there are. */
export async function fillHistory(url: string, entries: number, tell: (line: string) => void): Promise<number> {
  await migrateEmpty(url);
  const perSession = Math.max(1, Math.round(entries / SESSIONS));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      'INSERT INTO sessions (session_key, agent_from, last_sequence_number) SELECT $1::text || n, $2, $3 FROM generate_series(0, $4::int - 1) n',
      [sessionKey(0).replace(/0$/u, ''), 'bench', perSession, SESSIONS],
    );
    // What is older than a minute is noted for analytics row by row; jobs are off here, and nobody would take the notes away.
    await client.query('SET session_replication_role = replica');
    const { content, contextType, metadata } = entryArguments(0);
    const batch = Math.max(1, Math.floor(BATCH / SESSIONS));
    for (let from = 1; from <= perSession; from += batch) {
      const to = Math.min(from + batch - 1, perSession);
      tell(`history: entries ${(from - 1) * SESSIONS} to ${to * SESSIONS} of ${perSession * SESSIONS}`);
      await client.query(
        `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes, created_at)
         SELECT sessions.id, n, $1, $2, $3, octet_length($2), now() - interval '30 days' * (1 - n / $4::float8)
         FROM generate_series($5::int, $6::int) n, sessions`,
        [contextType, content, JSON.stringify(metadata), perSession, from, to],
      );
    }
    await client.query('VACUUM (ANALYZE) context_history');
    await client.query('VACUUM (ANALYZE) sessions');
    // Else the pages that were filled here are written while others are measured.
    await client.query('CHECKPOINT');
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::float8 AS count FROM context_history');
    return rows[0]?.count ?? Number.NaN;
  } finally {
    await client.end();
  }
}

async function migrateEmpty(url: string): Promise<void> {
  const database = await createPostgresDatabase(
    { connectionString: url, poolSize: 2 },
    { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
  );
  try {
    await migrate(database, {}, { clock: systemClock, random: Math.random });
  } finally {
    await database.close();
  }
}
