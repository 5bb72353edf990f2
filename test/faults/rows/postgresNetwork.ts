import { startBlackHole } from '../../setup/blackHole.js';
import { Door } from '../lab/door.js';
import type { FaultRow } from '../row.js';
import { databaseAway, postgresRow, READERS, throughPort } from './postgresRow.js';

const OUTAGE_MS = 10_000;
const LATENCY_MS = 800;

/** What can happen between a server and PostgreSQL. */
export const postgresNetworkRows: readonly FaultRow[] = [
  postgresRow(
    {
      name: 'pg-refused',
      title: 'connection refused',
      how: 'a proxy resets all connections and closes its port for 10 s',
      holdMs: OUTAGE_MS,
      expects: databaseAway('unreachable'),
    },
    async (postgres, cleanUp) => {
      const door = cleanUp.use(await Door.open(postgres.port));
      return { url: throughPort(postgres.url, door.port), inject: () => door.refuse(), mend: () => door.accept() };
    },
  ),
  postgresRow(
    {
      name: 'pg-slow',
      title: 'slow',
      how: `a proxy delays everything by ${LATENCY_MS} ms each way for 20 s`,
      holdMs: 2 * OUTAGE_MS,
      expects: {
        health: { part: 'database', reasons: ['slow', 'timed_out', 'pool_saturated', 'pool_exhausted'] },
        alongside: READERS,
        alerts: ['DatabaseSlow'],
      },
    },
    async (postgres, cleanUp) => {
      const door = cleanUp.use(await Door.open(postgres.port));
      const delay = (ms: number) => async (): Promise<void> => {
        door.latencyMs = ms;
      };
      return { url: throughPort(postgres.url, door.port), inject: delay(LATENCY_MS), mend: delay(0) };
    },
  ),
  postgresRow(
    {
      name: 'pg-half-open',
      title: 'half-open connections',
      how: 'a proxy goes on accepting, forwards nothing any more and closes nothing, for 20 s',
      holdMs: 2 * OUTAGE_MS,
      expects: databaseAway('timed_out', 'unreachable'),
    },
    async (postgres, cleanUp) => {
      const hole = await startBlackHole(postgres.port);
      cleanUp.defer(() => hole.close());
      return {
        url: throughPort(postgres.url, hole.port),
        inject: async () => hole.swallow(),
        mend: async () => hole.pass(),
      };
    },
  ),
];
