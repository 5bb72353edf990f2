import { archiveDue } from './archiveDue.js';
import type { DueOutcome } from './archiveDue.js';
import { archiveSession } from './archiveSession.js';
import type { ArchiveOutcome } from './archiveSession.js';
import type { ArchiveDependencies } from './dependencies.js';
import { FetchedObjects } from './fetchedObjects.js';
import { guardedStore } from './objects/guardedStore.js';
import { createArchiveReader } from './readArchive.js';
import type { ArchiveReader, OpenArchive } from './readArchive.js';
import { restoreSession } from './restoreSession.js';
import type { RestoreOutcome } from './restoreSession.js';
import { describeArchive, findArchive, listArchives } from './sql/describedArchive.js';
import type { ArchiveDescription, DescribedSession } from './sql/describedArchive.js';
import { clearSession, sweepLeftovers } from './sweepLeftovers.js';
import type { LeftoverLimits } from './sweepLeftovers.js';
import { verifyArchive } from './verifyArchive.js';
import type { VerifyOutcome } from './verifyArchive.js';

/** Cold storage of sessions that have ended. Every method may be called twice, from anywhere, at the same time. */
export interface Archive extends ArchiveReader {
  /** Where the objects are, or `undefined` if sessions are archived in the database. */
  readonly location: string | undefined;
  /** Archives one ended session, due or not. */
  archive(sessionId: string): Promise<ArchiveOutcome>;
  /** Archives up to `limit` sessions whose time has come. */
  archiveDue(limit: number): Promise<DueOutcome>;
  /** Opens the object of a session; `undefined` if it has none. */
  read(sessionId: string): Promise<OpenArchive | undefined>;
  /** @param actor who restores it, for the lifecycle event. Default `handoff-otel`. */
  restore(sessionId: string, actor?: string): Promise<RestoreOutcome>;
  verify(sessionId: string): Promise<VerifyOutcome>;
  /** Deletes objects that nothing refers to, and returns how many. */
  sweepLeftovers(limits?: LeftoverLimits): Promise<number>;
  /** Deletes the objects of a session whose rows were deleted, and resolves with whether none is left or can still appear. */
  clear(sessionId: string): Promise<boolean>;
  /** Drops what this process has of a session's object in memory. */
  forget(sessionId: string): void;
  /** Archives in the order of their session ids, after one. */
  list(afterSessionId: string | undefined, limit: number): Promise<readonly ArchiveDescription[]>;
  /** Finds a session by key or id. */
  find(keyOrId: string): Promise<DescribedSession | undefined>;
}

const DEFAULT_LEFTOVER_GRACE_MS = 900_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

export type ArchiveOptions = Omit<ArchiveDependencies, 'leftoverGraceMs'> & Partial<Pick<ArchiveDependencies, 'leftoverGraceMs'>>;

export function createArchive(options: ArchiveOptions): Archive {
  const store = options.store === undefined ? undefined : guardedStore(options.store, options.countFailure);
  // Writing an object, reading it back and what lies between.
  const graceMs = Math.max(DEFAULT_LEFTOVER_GRACE_MS, 3 * (options.store?.timeoutMs ?? 0));
  const deps: ArchiveDependencies = { ...options, store, leftoverGraceMs: options.leftoverGraceMs ?? graceMs };
  const { database } = deps;
  const fetched = new FetchedObjects(deps.clock);
  const reader = createArchiveReader(deps, fetched);
  const describe = async (sessionId: string): Promise<DescribedSession | undefined> =>
    (await database.query<DescribedSession>(describeArchive, [sessionId]))[0];
  return {
    ...reader,
    location: store?.location,
    archive: (sessionId) => archiveSession(deps, sessionId),
    archiveDue: (limit) => archiveDue(deps, limit),
    read: async (sessionId) => {
      const session = await describe(sessionId);
      return session === undefined || session.object_key === null ? undefined : reader.open(sessionId, session);
    },
    restore: async (sessionId, actor = 'handoff-otel') => {
      const outcome = await restoreSession(deps, sessionId, actor);
      fetched.forget(sessionId);
      return outcome;
    },
    verify: (sessionId) => verifyArchive(deps, sessionId),
    sweepLeftovers: async (limits) => (store === undefined ? 0 : sweepLeftovers({ ...deps, store }, limits)),
    clear: (sessionId) => {
      fetched.forget(sessionId);
      return clearSession(deps, sessionId);
    },
    forget: (sessionId) => fetched.forget(sessionId),
    list: (after, limit) => database.query<ArchiveDescription>(listArchives, [after ?? BEFORE_ALL, limit]),
    find: async (keyOrId) => (await database.query<DescribedSession>(findArchive, [keyOrId]))[0],
  };
}
