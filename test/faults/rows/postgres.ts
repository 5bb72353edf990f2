import { setTimeout as wait } from 'node:timers/promises';
import { Loop } from '../../stack/live/load/callers.js';
import { Hog } from '../lab/hog.js';
import { withClient } from '../lab/stored.js';
import type { FaultRow } from '../row.js';
import { databaseAway, postgresRow } from './postgresRow.js';

const OUTAGE_MS = 10_000;
const PAUSE_MS = 30_000;
const TERMINATE_EVERY_MS = 250;
const MAX_CONNECTIONS = '40';

const TERMINATE_ALL = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $1';

export const postgresRows: readonly FaultRow[] = [
  postgresRow(
    {
      name: 'pg-kill',
      title: 'kill -9',
      how: 'SIGKILL to every process of the server, started again after 10 s',
      holdMs: OUTAGE_MS,
      expects: databaseAway('unreachable'),
    },
    (postgres) => ({ inject: () => postgres.kill9(), mend: () => postgres.start() }),
  ),
  postgresRow(
    {
      name: 'pg-restart',
      title: 'restart',
      how: 'a “fast” shutdown (SIGINT), and a start 10 s later',
      holdMs: OUTAGE_MS,
      expects: databaseAway('unreachable'),
    },
    (postgres) => ({ inject: () => postgres.shutDown(), mend: () => postgres.start() }),
  ),
  postgresRow(
    {
      name: 'pg-restart-at-once',
      title: 'restart at once',
      how: 'a “fast” shutdown (SIGINT) and a start, as `pg_ctl restart`',
      holdMs: 0,
      expects: { ...databaseAway('unreachable'), brief: 'it is over before a server looks at itself again' },
    },
    (postgres) => ({ inject: () => postgres.restart() }),
  ),
  postgresRow(
    {
      name: 'pg-pause',
      title: 'paused for 30 s',
      how: 'SIGSTOP to every process of the server, SIGCONT after 30 s',
      holdMs: PAUSE_MS,
      expects: databaseAway('timed_out', 'unreachable'),
    },
    (postgres) => ({ inject: () => postgres.pause(), mend: () => postgres.resume() }),
  ),
  postgresRow(
    {
      name: 'pg-terminate',
      title: '`pg_terminate_backend`',
      how: 'all connections are terminated, and again every quarter of a second for 10 s',
      holdMs: OUTAGE_MS,
      expects: { ...databaseAway('unreachable'), brief: 'in between the database answers, and a look finds nothing wrong' },
    },
    (postgres) => {
      let loop: Loop | undefined;
      return {
        inject: async () => {
          const once = (): Promise<unknown> =>
            withClient({ connectionString: postgres.url }, (client) => client.query(TERMINATE_ALL, ['client backend']));
          await once();
          loop = new Loop(once, TERMINATE_EVERY_MS);
        },
        mend: async () => loop?.[Symbol.asyncDispose](),
      };
    },
  ),
  postgresRow(
    {
      name: 'pg-connections',
      title: 'no connection is free',
      how: `another client takes all ${MAX_CONNECTIONS} connections, also those of the servers, which it terminates, for 10 s`,
      holdMs: OUTAGE_MS,
      expects: databaseAway('too_many_connections'),
    },
    (postgres, cleanUp) => {
      const hog = cleanUp.use(new Hog(postgres.url));
      return { prepare: () => hog.takeFree(), inject: () => hog.takeAll(), mend: () => hog[Symbol.asyncDispose]() };
    },
    { settings: { max_connections: MAX_CONNECTIONS } },
  ),
  postgresRow(
    {
      name: 'pg-read-only',
      title: 'read-only',
      how: '`default_transaction_read_only = on` by ALTER SYSTEM and a reload, for 10 s',
      holdMs: OUTAGE_MS,
      expects: databaseAway('read_only'),
    },
    (postgres) => {
      const set = (value: 'on' | 'off') => () =>
        withClient({ connectionString: postgres.url }, async (client) => {
          await client.query('SET default_transaction_read_only = off');
          await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
          await client.query('SELECT pg_reload_conf()');
          await wait(100);
        });
      return { inject: set('on'), mend: set('off') };
    },
  ),
  postgresRow(
    {
      name: 'pg-tables',
      title: 'a table is missing',
      how: '`ALTER TABLE sessions RENAME`, and back after 10 s',
      holdMs: OUTAGE_MS,
      expects: databaseAway('tables_missing'),
    },
    (postgres) => {
      const rename = (from: string, to: string) => () =>
        withClient({ connectionString: postgres.url }, (client) => client.query(`ALTER TABLE ${from} RENAME TO ${to}`));
      return { inject: rename('sessions', 'sessions_elsewhere'), mend: rename('sessions_elsewhere', 'sessions') };
    },
  ),
  postgresRow(
    {
      name: 'pg-columns',
      title: 'a column is missing',
      how: '`ALTER TABLE sessions RENAME COLUMN session_key`, and back after 10 s',
      holdMs: OUTAGE_MS,
      expects: { ...databaseAway('statements_refused'), alerts: ['PartDegraded'] },
    },
    (postgres) => {
      const rename = (from: string, to: string) => () =>
        withClient({ connectionString: postgres.url }, (client) => client.query(`ALTER TABLE sessions RENAME COLUMN ${from} TO ${to}`));
      return { inject: rename('session_key', 'key_elsewhere'), mend: rename('key_elsewhere', 'session_key') };
    },
  ),
];
