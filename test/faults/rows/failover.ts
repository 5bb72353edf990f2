import { setTimeout as wait } from 'node:timers/promises';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../setup/throwawayServer.js';
import { Door } from '../lab/door.js';
import { storedEntries, withClient } from '../lab/stored.js';
import type { FaultRow, Scene } from '../row.js';
import { databaseAway } from './postgresRow.js';

const STANDBY = 'standby';
/** What a manager of failovers takes to be sure that the primary is gone. */
const NOTICED_MS = 5000;
/** How late the standby has what the primary has, where it is asynchronous. */
const LAG_MS = 1000;
const CAUGHT_UP_MS = 30_000;

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly how: string;
  readonly isSynchronous: boolean;
}

const killed = `SIGKILL to the primary, which stays away; \`pg_promote()\` of the standby ${NOTICED_MS / 1000} s later. DATABASE_URL names both`;

function failoverRow({ name, title, how, isSynchronous }: Kind): FaultRow {
  const lossy = { mayLose: 'the standby is asynchronous: what it had not yet received when the primary died is lost with it' };
  return {
    name,
    group: 'PostgreSQL',
    title,
    how,
    holdMs: 0,
    expects: { ...databaseAway('unreachable', 'read_only'), ...(isSynchronous ? {} : lossy) },
    open: async (_place, cleanUp): Promise<Scene> => {
      const primary = cleanUp.use(await startThrowawayPostgres());
      const door = cleanUp.use(await Door.open(primary.port));
      const standby = cleanUp.use(await startThrowawayPostgres({ standbyOf: { url: primary.url, port: door.port, name: STANDBY } }));
      await caughtUp(primary);
      if (isSynchronous) await sql(primary, `ALTER SYSTEM SET synchronous_standby_names = '${STANDBY}'`, 'SELECT pg_reload_conf()');
      else door.latencyMs = LAG_MS / 2;
      const { username, password } = new URL(primary.url);
      return {
        env: { DATABASE_URL: `postgres://${username}:${password}@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres` },
        replicas: 2,
        inject: async () => {
          await primary.kill9();
          await wait(NOTICED_MS);
          await sql(standby, 'SELECT pg_promote()');
        },
        mend: () => Promise.resolve(),
        stored: () => storedEntries({ connectionString: standby.url }),
      };
    },
  };
}

async function sql({ url }: ThrowawayServer, ...statements: readonly string[]): Promise<void> {
  await withClient({ connectionString: url }, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

async function caughtUp({ url }: ThrowawayServer): Promise<void> {
  const deadline = performance.now() + CAUGHT_UP_MS;
  await withClient({ connectionString: url }, async (client) => {
    while ((await client.query("SELECT FROM pg_stat_replication WHERE state = 'streaming'")).rowCount === 0) {
      if (performance.now() > deadline) throw new Error('The standby does not follow its primary; its log says why.');
      await wait(50);
    }
  });
}

export const failoverRows: readonly FaultRow[] = [
  failoverRow({ name: 'pg-failover', title: 'failover to a synchronous replica', how: killed, isSynchronous: true }),
  failoverRow({
    name: 'pg-failover-async',
    title: 'failover to an asynchronous replica',
    how: `the same; what the primary sends reaches the standby ${LAG_MS / 2} ms late`,
    isSynchronous: false,
  }),
];
