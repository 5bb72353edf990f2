import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { SmallDisk } from '../lab/smallDisk.js';
import { storedEntries } from '../lab/stored.js';
import type { FaultRow, Scene } from '../row.js';
import { databaseAway } from './postgresRow.js';

const FULL_MS = 15_000;
const DISK_MIB = 192;
/** So little that the log fits as well. */
const LITTLE_LOG = { max_wal_size: '64MB', min_wal_size: '32MB' };

/** A file system with little room is filled to the last byte. */
export const postgresDiskRow: FaultRow = {
  name: 'pg-disk',
  group: 'PostgreSQL',
  title: 'disk full',
  how: `the data is on a tmpfs of ${DISK_MIB} MiB, which another file fills for ${FULL_MS / 1000} s; PostgreSQL is started again if it gave up`,
  holdMs: FULL_MS,
  expects: databaseAway('full', 'unreachable'),
  open: async (_place, cleanUp): Promise<Scene> => {
    const disk = cleanUp.use(SmallDisk.mount(DISK_MIB));
    const postgres = cleanUp.use(await startThrowawayPostgres({ root: disk.folder, settings: LITTLE_LOG }));
    return {
      env: { DATABASE_URL: postgres.url },
      replicas: 2,
      inject: async () => disk.fill(),
      mend: async () => {
        disk.free();
        if (postgres.hasEnded) await postgres.start();
      },
      stored: () => storedEntries({ connectionString: postgres.url }),
    };
  },
};
