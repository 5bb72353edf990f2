import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthReason } from '../../../src/telemetry/catalogue/health.js';
import { temporaryRoot } from '../../setup/unprivileged.js';
import { SmallDisk } from '../lab/smallDisk.js';
import { storedEntries } from '../lab/stored.js';
import type { Expectation, FaultRow, Scene, Victim } from '../row.js';
import { READERS } from './postgresRow.js';

const OUTAGE_MS = 10_000;
/** Longer than calls wait for a new owner. */
const PAUSE_MS = 25_000;
const DISK_MIB = 256;
/** Where its files are so that a socket has room in the path, and so that the server finds it there. */
const EMBEDDED = 'embedded';
const REMEDY = /files are damaged: restore a backup, or move the folder away/;

function embeddedAway(...reasons: readonly HealthReason[]): Expectation {
  return {
    health: { part: 'database', reasons: [...reasons, 'unreachable', 'timed_out', 'circuit_open', 'pool_exhausted', 'pool_saturated'] },
    alongside: [...READERS, 'archive', 'disk'],
    alerts: ['DatabaseUnavailable', 'ServerUnhealthy', 'TargetDown'],
  };
}

type Breaking = Pick<Scene, 'inject' | 'mend'>;

/** A row of two servers that share one embedded database, of which the first owns it at the beginning. */
function embeddedRow(row: Omit<FaultRow, 'group' | 'open'>, breaking: (folder: string) => Breaking): FaultRow {
  return {
    ...row,
    group: 'Embedded database',
    open: async (_place, cleanUp): Promise<Scene> => {
      const folder = mkdtempSync(join(temporaryRoot(), 'handoff-faults-'));
      cleanUp.defer(() => rmSync(folder, { recursive: true, force: true }));
      return embeddedScene(folder, breaking(folder));
    },
  };
}

function embeddedScene(folder: string, breaking: Breaking): Scene {
  return {
    env: { HANDOFF_DATA_DIR: folder },
    replicas: 2,
    ...breaking,
    stored: () => storedEntries({ host: join(folder, EMBEDDED), user: 'postgres', database: 'postgres' }),
  };
}

const owner = ([first]: readonly Victim[]): Victim => {
  if (first === undefined) throw new RangeError('This row needs a server.');
  return first;
};

/** Damages what the servers need, sees that they refuse to start on it and say what to do, and puts it back in the end. */
function damage(folder: string): Breaking {
  const data = join(folder, EMBEDDED);
  const backup = join(folder, 'backup');
  return {
    inject: async (servers) => {
      for (const server of servers.toReversed()) await server.stop();
      cpSync(data, backup, { recursive: true });
      truncateSync(join(data, 'pgdata/global/pg_control'), 100);
      await refused(owner(servers));
      rmSync(join(data, 'pgdata/PG_VERSION'));
      await refused(owner(servers));
    },
    mend: async (servers) => {
      rmSync(data, { recursive: true });
      cpSync(backup, data, { recursive: true });
      for (const server of servers) await server.start();
    },
  };
}

async function refused(server: Victim): Promise<void> {
  const failure = await server.start().then(
    () => 'it started',
    (error: unknown) => String(error),
  );
  if (!REMEDY.test(failure)) throw new Error(`A server on a damaged folder did not refuse it with its remedy: ${failure}`);
}

export const embeddedRows: readonly FaultRow[] = [
  embeddedRow(
    {
      name: 'embedded-kill',
      title: 'the owner is killed',
      how: 'SIGKILL to the server that owns it, which is started again after 10 s; the other one takes over',
      holdMs: OUTAGE_MS,
      expects: { ...embeddedAway(), brief: 'the other server takes over within about a second', victims: ['replica-1'] },
    },
    () => ({ inject: (servers) => owner(servers).stop('SIGKILL'), mend: (servers) => owner(servers).start() }),
  ),
  embeddedRow(
    {
      name: 'embedded-pause',
      title: 'the owner is paused',
      how: `SIGSTOP to the server that owns it, SIGCONT after ${PAUSE_MS / 1000} s`,
      holdMs: PAUSE_MS,
      expects: { ...embeddedAway(), victims: ['replica-1'] },
    },
    () => ({ inject: (servers) => owner(servers).signal('SIGSTOP'), mend: (servers) => owner(servers).signal('SIGCONT') }),
  ),
  {
    name: 'embedded-disk',
    group: 'Embedded database',
    title: 'disk full',
    how: `the folder is on a tmpfs of ${DISK_MIB} MiB, which another file fills for 15 s`,
    holdMs: 1.5 * OUTAGE_MS,
    expects: { ...embeddedAway('full'), health: { part: 'disk', reasons: ['full'] }, alongside: [...READERS, 'archive', 'database'] },
    open: async (_place, cleanUp) => {
      const disk = cleanUp.use(SmallDisk.mount(DISK_MIB));
      return embeddedScene(join(disk.folder, 'data'), {
        inject: async () => disk.fill(),
        mend: async () => disk.free(),
      });
    },
  },
  embeddedRow(
    {
      name: 'embedded-damage',
      title: 'damaged folder',
      how: '`pg_control` is cut short, then `PG_VERSION` is removed: each time the server must refuse to start and say what to do; then a backup is put back',
      holdMs: 0,
      expects: { ...embeddedAway(), brief: 'no server runs that could be asked', victims: ['replica-1', 'replica-2'] },
    },
    damage,
  ),
];
