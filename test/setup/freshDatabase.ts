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
 * @param template a database of that server to copy, to which nobody is connected. Default: an empty one.
 */
export async function freshDatabase(serverUrl: string = databaseUrl(), template = 'template1'): Promise<FreshDatabase> {
  const name = `handoff_test_${randomBytes(8).toString('hex')}`;
  await administrator(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () =>
      administrator(serverUrl, async (client) => {
        await closedConnections(client, name);
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/**
 * `end()` of a pool does not wait for the server to close its connections. One that is cut off meanwhile makes an `error` event of the
 * pool, which ends a process without a listener. Those that are still open after this time are left open on purpose.
 */
const CLOSING_MS = 1000;

/** Waits until nobody is connected to a database any more, for a second at most. */
export async function closedConnections(client: pg.Client, database: string): Promise<void> {
  const giveUpAtMs = performance.now() + CLOSING_MS;
  while (performance.now() < giveUpAtMs) {
    const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1 LIMIT 1', [database]);
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function administrator(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the call below reports it
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
