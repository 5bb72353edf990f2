import type { HandoffConfig } from '../../../config/resolve.js';
import { createPostgresDatabase } from '../../../storage/postgres.js';
import type { Database, Statement } from '../../../storage/database.js';
import { systemClock } from '../../../../time/clock.js';

const HELLO: Statement = { name: 'handoff_doctor_hello', text: 'SELECT 1 AS one' };
const CLOSE_TIMEOUT_MS = 500;
/** Some checks look at the same time. */
const CONNECTIONS = 3;

/** Opens PostgreSQL as the server does, and asks it something. Tries once: who looks for a fault does not wait until it has passed. */
export async function openForReading(settings: HandoffConfig['settings']): Promise<Database> {
  const database = await createPostgresDatabase(
    {
      connectionString: settings.DATABASE_URL ?? '',
      poolSize: CONNECTIONS,
      connectionTimeoutMs: settings.HANDOFF_PG_CONNECT_TIMEOUT_MS,
      connectRetryMs: 0,
      statementTimeoutMs: settings.HANDOFF_PG_STATEMENT_TIMEOUT_MS,
      closeTimeoutMs: CLOSE_TIMEOUT_MS,
      // Statements that are sent once gain nothing.
      preparedStatements: false,
      applicationName: 'handoff-otel doctor',
    },
    { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
  );
  try {
    await database.query(HELLO);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
