import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { databaseUrl } from './services.js';

/** An empty database of one test's own, on the server of the test run or on another one. */
export interface FreshDatabase {
  readonly url: string;
  /** Ends its connections and drops it. */
  drop(): Promise<void>;
}

/**
 * Creates `handoff_test_<random>`, so that test files never see each other's rows.
 *
 * @param serverUrl any database of the server, with the right to create databases
 */
export async function freshDatabase(serverUrl: string = databaseUrl()): Promise<FreshDatabase> {
  const name = `handoff_test_${randomBytes(8).toString('hex')}`;
  await asAdministrator(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await asAdministrator(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the call below reports it
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
