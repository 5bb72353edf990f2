import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Pool } from 'pg';
import { EmbeddedOpenError } from '../../../errors/embeddedErrors.js';
import type { OwnerProcess } from '../../../errors/embeddedErrors.js';
import type { Database } from '../database.js';
import { hostDefaults } from '../hostDefaults.js';
import { loadPeer } from '../loadPeer.js';
import { createPooledDatabase, type DatabaseDeps } from '../pooledDatabase.js';
import { within } from '../../../time/within.js';
import { makeFolder } from '../../../values/newFolder.js';
import { makePrivateFolder, ownerAddress } from './address.js';
import { ElectedSocket } from './electedSocket.js';
import { Membership, type Role } from './membership.js';
import { openFailure } from './openFailure.js';
import { type EmbeddedOptions, type ResolvedEmbeddedOptions, resolveEmbeddedOptions } from './options.js';
import { recordedOwner } from './ownerRecord.js';
import { watchOwner } from './ownerWatch.js';
import { OwnerWorker } from './ownerWorker.js';
import { ownerWorkerEntry } from './ownerWorkerEntry.js';

/** The database of one user on one machine, shared by all their servers. */
export interface EmbeddedDatabase extends Database {
  readonly kind: 'embedded';
  /** Whether this process holds the database or uses it through another one; changes when an owner exits. */
  role(): Role;
}

export interface EmbeddedDeps extends DatabaseDeps {
  /** Called when there is no database yet and this process creates it, which may take seconds. */
  readonly onCreating?: () => void;
}

/**
 * Opens the database under `dataDir`, or joins the process that has it open; when that one dies, one of the others takes over.
 *
 * The owner runs PGlite and a server for the PostgreSQL protocol in a worker thread; every process, including the owner, uses an
 * ordinary `pg` pool on its socket, so one code path and one instrumentation serve both kinds of database.
 *
 * Guarantees: an acknowledged statement survives kill -9 of any process and, if the disk honours flushes, a power cut. One
 * that was in flight when the owner died rejects with `DatabaseInterruptedError`; one that was not sent waits for the next
 * owner, for at most `waitMs`.
 *
 * Limitations, since all share one backend: session settings (`SET`), temporary tables and session-level advisory locks are
 * shared by all, NOTIFY may reach anyone, and a long transaction blocks the others. Use transactions and `SET LOCAL`.
 *
 * Rejects with `EmbeddedOpenError` (damaged, other version, disk full, not writable), `EmbeddedUnavailableError`, or
 * `MissingPeerError` without `pg`.
 */
export async function openEmbeddedDatabase(options: EmbeddedOptions, given: Partial<EmbeddedDeps> = {}): Promise<EmbeddedDatabase> {
  const deps = hostDefaults(given);
  const resolved = resolveEmbeddedOptions(options);
  const home = makeHome(resolved.dataDir);
  const { Pool: PgPool } = await loadPeer('pg');
  const membership = new Membership(
    { dataDir: resolved.dataDir, home, ownerWorker: (onLost) => newOwnerWorker(resolved, home, deps, onLost) },
    deps,
  );
  try {
    await membership.open(resolved.openTimeoutMs);
  } catch (error) {
    await membership.close(resolved.closeTimeoutMs);
    throw error;
  }

  const sockets = new Set<Socket>();
  const pool: Pool = new PgPool({
    // Never resolved, since `stream` finds the address itself; telemetry shows it as the server's address.
    host: home,
    user: 'postgres',
    database: 'postgres',
    max: resolved.poolSize,
    // Longer than the wait inside the socket, so that its more specific error comes first.
    connectionTimeoutMillis: resolved.waitMs + 1000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    stream: () => tracked(sockets, new ElectedSocket(membership, resolved.waitMs)),
  });
  const stopWatching = watchOwner({
    suspendedLimitMs: resolved.waitMs,
    silentLimitMs: resolved.statementLimitMs + resolved.waitMs,
    isWaitedFor: () => membership.role === 'joined' && pool.totalCount - pool.idleCount + pool.waitingCount > 0,
    bytesHeard: () => [...sockets].reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    isSuspended: () => recordedOwner(home)?.state === 'suspended',
    giveUp: (waitedMs) => {
      const error = membership.unavailable(waitedMs);
      for (const socket of sockets) socket.destroy(error);
    },
  });
  // A pool whose connections all wait for a suspended owner is not too small.
  const explainNoConnection = (waitedMs: number): Error | undefined =>
    isBlocked(recordedOwner(home)) ? membership.unavailable(waitedMs) : undefined;
  const database = createPooledDatabase(pool, { ...pooledSettings, connectRetryMs: resolved.waitMs, explainNoConnection }, deps);
  let closed: Promise<void> | undefined;
  return {
    ...database,
    kind: 'embedded',
    role: () => membership.role,
    close: () => {
      stopWatching();
      return (closed ??= closeAll(database, sockets, membership, resolved.closeTimeoutMs));
    },
  };
}

const pooledSettings = { kind: 'embedded', preparedStatements: false, ownsPool: true } as const;

function isBlocked(owner: OwnerProcess | undefined): boolean {
  return owner?.state === 'suspended';
}

/** Our own folder within the data folder, so that making it private does not affect what a host keeps next to it. */
function makeHome(dataDir: string): string {
  const home = join(resolve(dataDir), 'embedded');
  try {
    makeFolder(dataDir, 0o700);
    makePrivateFolder(home);
  } catch (error) {
    const { reason, detail } = openFailure(error, []);
    throw new EmbeddedOpenError(dataDir, reason, detail, { cause: error });
  }
  return home;
}

function newOwnerWorker(
  options: ResolvedEmbeddedOptions,
  home: string,
  { onCreating = () => undefined }: EmbeddedDeps,
  onLost: (reason: Error) => void,
): OwnerWorker {
  return new OwnerWorker({
    entry: ownerWorkerEntry(),
    dataDir: options.dataDir,
    settings: {
      home,
      address: ownerAddress(home, { platform: process.platform, temporaryFolder: tmpdir(), nonce: randomBytes(12).toString('hex') }),
      idleInTransactionTimeoutMs: options.idleInTransactionTimeoutMs,
      prepared: options.prepared?.href,
    },
    statementLimitMs: options.statementLimitMs,
    onLost,
    onCreating,
  });
}

function tracked(sockets: Set<Socket>, socket: Socket): Socket {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  return socket;
}

/** Half the time is for statements in flight, half for the owner's checkpoint; then whatever still hangs is aborted. */
async function closeAll(database: Database, sockets: ReadonlySet<Socket>, membership: Membership, limitMs: number): Promise<void> {
  await within(limitMs / 2, () => database.close()).catch(() => undefined);
  for (const socket of sockets) socket.destroy();
  await membership.close(limitMs / 2);
}
