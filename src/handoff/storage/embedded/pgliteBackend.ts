import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite as PGliteClass, PGliteOptions } from '@electric-sql/pglite';
import { loadPeer } from '../loadPeer.js';
import { queryMessage, startupMessage } from './backendMessages.js';
import { hasDatabase } from './dataFolder.js';
import { unpackPrepared } from './preparedFolder.js';
import { leaveUnfinished } from './unfinished.js';
import type { SharedBackend } from './turns.js';

/** The open database. One statement at a time; `run` blocks the thread until the statement is done. */
export interface PgliteBackend extends SharedBackend {
  /** The answer to a client that opens a session. */
  readonly greeting: Buffer;
  /** Checkpoints and closes. The database is also safe without it; the next opening is just slower. */
  close(): Promise<void>;
}

export interface PgliteListeners {
  /** Lines the server prints about itself: startup, recovery, panics. */
  readonly onLine: (line: string) => void;
  /** Called when there is no database yet and one is being created, which takes seconds unless a prepared one is unpacked. */
  readonly onCreating?: () => void;
  /**
   * The backend died inside a statement (a panic on a failed write, out of memory, a WebAssembly trap). Must not return:
   * PGlite would run the same message again endlessly.
   */
  readonly onCrash: (error: unknown) => never;
}

/** Status PGlite exits the main loop with to report an ordinary SQL error. Pinned by a test. */
const ordinaryErrorStatus = 100;

/**
 * Opens the database in `home`, creating it when there is none. Call only while holding the owner lock.
 *
 * A new database is created under a different name and renamed: a process killed halfway leaves nothing that looks like a
 * database. It is unpacked from `prepared` when that matches this version of PGlite, which takes a fifth of the time.
 */
export async function openPglite(home: string, listeners: PgliteListeners, prepared?: URL): Promise<PgliteBackend> {
  const folder = join(home, 'pgdata');
  if (!hasDatabase(folder)) await create(home, folder, listeners, prepared);
  const db = await start(folder, listeners);
  dieOnCrash(db, listeners.onCrash);

  // Never PGlite's own query(): after a raw call its answers still go where that call's answers went (0.5.17).
  const run = async (unit: Buffer): Promise<{ reply: Buffer; inTransaction: boolean }> => {
    const parts: Buffer[] = [];
    // Copied, because the bytes are a view of memory that the next statement overwrites.
    await db.execProtocolRawStream(unit, { syncToFs: false, onRawData: (bytes) => parts.push(Buffer.from(bytes)) });
    return { reply: Buffer.concat(parts), inTransaction: db.isInTransaction() };
  };
  const { reply: greeting } = await run(startupMessage({ user: 'postgres', database: 'postgres', client_encoding: 'UTF8' }));
  return {
    greeting,
    run,
    close: async () => {
      await run(queryMessage('CHECKPOINT'));
      await db.close();
    },
  };
}

async function create(home: string, folder: string, listeners: PgliteListeners, prepared: URL | undefined): Promise<void> {
  listeners.onCreating?.();
  const draft = join(home, 'pgdata.new');
  rmSync(draft, { recursive: true, force: true });
  const finish = prepared === undefined ? undefined : await unpackPrepared(prepared, draft);
  if (finish === undefined) await (await start(draft, listeners)).close();
  else leaveUnfinished(home, finish);
  renameSync(draft, folder);
  const parent = openSync(home, 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

async function start(folder: string, { onLine }: PgliteListeners): Promise<PGliteClass> {
  const { PGlite } = await loadPeer('@electric-sql/pglite');
  const options: PGliteOptions = {
    fs: await durableFolder(folder),
    startParams: [...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'), ...ourParameters],
    onStderr: (line) => {
      onLine(line);
      return false;
    },
  };
  return PGlite.create(options);
}

const ourParameters = [
  // PGlite's fdatasync is a no-op; its fsync does what `durableFolder` provides.
  ...['-c', 'wal_sync_method=fsync'],
  // The default would use 128 MB of every owner's memory for a database of a few megabytes.
  ...['-c', 'shared_buffers=32MB'],
];

/**
 * Opens PGlite on a folder, with commits that survive a power cut.
 *
 * By default, PGlite starts PostgreSQL with `-F` and its file system has no fsync: an acknowledged commit is then only
 * in the kernel's memory, which survives kill -9 but not a machine crash. Here fsync is on and reaches the disk; a single
 * insert takes 0.9-1.1 ms instead of 0.4-0.5. (As always, a disk that lies about its cache can still lose data.)
 */
async function durableFolder(folder: string): Promise<NonNullable<PGliteOptions['fs']>> {
  const { NodeFS } = await import('@electric-sql/pglite/nodefs');
  class DurableFolder extends NodeFS {
    override async init(...args: Parameters<InstanceType<typeof NodeFS>['init']>): ReturnType<InstanceType<typeof NodeFS>['init']> {
      const { emscriptenOpts } = await super.init(...args);
      const preRun = [...(emscriptenOpts.preRun ?? []), addFsync];
      return { emscriptenOpts: { ...emscriptenOpts, preRun } };
    }
  }
  return new DurableFolder(folder);
}

function addFsync(module: object): void {
  const { NODEFS } = module as { NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } } };
  NODEFS.stream_ops.fsync = ({ nfd }) => {
    fsyncSync(nfd);
    return 0;
  };
}

/**
 * PGlite swallows whatever its main loop throws and continues; it may continue only after the one status that means an SQL
 * error. Anything else has corrupted the backend's memory.
 */
function dieOnCrash(db: PGliteClass, onCrash: (error: unknown) => never): void {
  const module = db.Module;
  const loopOnce = module._PostgresMainLoopOnce;
  module._PostgresMainLoopOnce = () => {
    try {
      loopOnce();
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'status' in error && error.status === ordinaryErrorStatus) throw error;
      onCrash(error);
    }
  };
}
