import pg from 'pg';
import { migrate } from '../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../src/handoff/storage/postgres.js';
import { systemClock } from '../../src/time/clock.js';
import { closedConnections, freshDatabase } from './freshDatabase.js';
import type { FreshDatabase } from './freshDatabase.js';
import { databaseUrl, templateName } from './services.js';

/** Of the lock under which one process of a test run makes the template. The number is arbitrary. */
const LOCK_KEY = 4_871_203_591;

let made: Promise<void> | undefined;

/** A database of one test's own with the newest schema: a copy of one that is migrated once in a test run, which takes far less time. */
export async function migratedDatabase(): Promise<FreshDatabase> {
  made ??= makeTemplate();
  await made;
  return freshDatabase(databaseUrl(), templateName());
}

async function makeTemplate(): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [templateName()]);
    if (rowCount !== 0) return;
    const { url } = await freshDatabase();
    const name = new URL(url).pathname.slice(1);
    const deps = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
    const database = await createPostgresDatabase({ connectionString: url, poolSize: 2 }, deps);
    await migrate(database, {}, deps);
    await database.close();
    await closedConnections(client, name);
    // Under its name only when it is whole: the process may be killed before.
    await client.query(`ALTER DATABASE ${name} RENAME TO ${templateName()}`);
  } finally {
    await client.end();
  }
}
