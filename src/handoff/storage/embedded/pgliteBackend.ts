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
  /** What a client is answered when it opens a session. */
  readonly greeting: Buffer;
  /** Checkpoints and closes. The database is also safe without it; the next opening is only slower. */
  close(): Promise<void>;
}

export interface PgliteListeners {
  /** Lines the server prints about itself: start-up, recovery, panics. */
  readonly onLine: (line: string) => void;
  /** There is no database yet, and one is being made: seconds, unless a prepared one is unpacked. */
  readonly onCreating?: () => void;
  /**
   * The backend died inside a statement (a panic on a failed write, out of memory, a WebAssembly trap). Must not return:
   * PGlite would run the same message again for ever.
   */
  readonly onCrash: (error: unknown) => never;
}

/** Status PGlite exits the main loop with to report an ordinary SQL error. Pinned by a test. */
const ordinaryErrorStatus = 100;

/**
 * Opens the database in `home`, creating it when there is none. Call only while holding the owner lock.
 *
 * A new database is made aside and renamed: a process killed half-way leaves nothing that looks like a database. It is
 * unpacked from `prepared` when that fits this version of PGlite, which takes a fifth of the time.
 */
export async function openPglite(home: string, listeners: PgliteListeners, prepared?: URL): Promise<PgliteBackend> {
  const folder = join(home, 'pgdata');
  if (!hasDatabase(folder)) await create(home, folder, listeners, prepared);
  const db = await start(folder, listeners);
  dieOnCrash(db, listeners.onCrash);

  // Never PGlite's own query(): after a raw call its answers still go where that call's did (0.5.14).
  const run = async (unit: Buffer): Promise<{ reply: Buffer; inTransaction: boolean }> => {
    const parts: Buffer[] = [];
    // Copied: the bytes are a window on memory the next statement overwrites.
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
  // PGlite's fdatasync does nothing, its fsync does what `durableFolder` gives it.
  ...['-c', 'wal_sync_method=fsync'],
  // The default of 128 MB is taken from every owner's memory for a database of a few megabytes.
  ...['-c', 'shared_buffers=32MB'],
];

/**
 * PGlite on a folder, with commits that survive a power cut.
 *
 * As it comes, PGlite starts PostgreSQL with `-F` and its file system has no fsync: an acknowledged commit is then only
 * in the kernel's memory, which survives kill -9 but not the machine. Here fsync is on and reaches the disk; a single
 * insert takes 0.9-1.1 ms instead of 0.4-0.5. (A disk that lies about its cache can still lose what it promised, as ever.)
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

function addFsync(module: { FS: object }): void {
  const { filesystems } = module.FS as { filesystems: { NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } } } };
  filesystems.NODEFS.stream_ops.fsync = ({ nfd }) => {
    fsyncSync(nfd);
    return 0;
  };
}

/**
 * PGlite swallows whatever its main loop throws and goes on; only the one status that means an SQL error may go on.
 * Anything else has left the backend's memory in pieces.
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
