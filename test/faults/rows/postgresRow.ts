import { startThrowawayPostgres, type ThrowawayPostgresOptions } from '../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../setup/throwawayServer.js';
import type { HealthComponent, HealthReason } from '../../../src/telemetry/catalogue/health.js';
import { storedEntries } from '../lab/stored.js';
import type { Expectation, FaultRow, Scene } from '../row.js';

/** What reads the database, and cannot be read without it. */
export const READERS: readonly HealthComponent[] = ['jobs', 'sweeps', 'migrations', 'partitions', 'features'];

/** What must be seen while the database is away for one of these reasons. */
export function databaseAway(...reasons: readonly HealthReason[]): Expectation {
  // Connections of the pool are used up by calls that wait; a breaker still refuses calls for a moment when the database is back.
  const also: readonly HealthReason[] = ['timed_out', 'pool_exhausted', 'pool_saturated', 'circuit_open', 'slow'];
  return {
    health: { part: 'database', reasons: [...reasons, ...also] },
    alongside: READERS,
    alerts: ['DatabaseUnavailable', 'ServerUnhealthy'],
  };
}

interface Breaking {
  /** How the servers get there; the database's own address when left out. */
  readonly url?: string;
  readonly prepare?: () => Promise<unknown>;
  readonly inject: () => Promise<unknown>;
  readonly mend?: () => Promise<unknown>;
}

/** A row of two servers on one PostgreSQL. */
export function postgresRow(
  row: Omit<FaultRow, 'group' | 'open'>,
  breaking: (postgres: ThrowawayServer, cleanUp: AsyncDisposableStack) => Promise<Breaking> | Breaking,
  options: ThrowawayPostgresOptions = {},
): FaultRow {
  return {
    ...row,
    group: 'PostgreSQL',
    open: async (_place, cleanUp): Promise<Scene> => {
      const postgres = await startThrowawayPostgres(options);
      cleanUp.use(postgres);
      const { url = postgres.url, prepare, inject, mend } = await breaking(postgres, cleanUp);
      return {
        env: { DATABASE_URL: url },
        replicas: 2,
        prepare: async () => void (await prepare?.()),
        inject: async () => void (await inject()),
        mend: async () => void (await mend?.()),
        stored: () => storedEntries({ connectionString: postgres.url }),
      };
    },
  };
}

/** The address of a server, by way of another port. */
export function throughPort(url: string, port: number): string {
  const address = new URL(url);
  address.port = String(port);
  return address.href;
}
