import { ArchiveColumnsError, ArchiveDamagedError } from '../../errors/archiveErrors.js';
import { errorCode } from '../../errors/classify.js';
import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_HANDOFF_ARCHIVE_BYTES,
  ATTR_HANDOFF_ARCHIVE_OPERATION,
  ATTR_HANDOFF_ARCHIVE_STORE,
  ATTR_HANDOFF_ENTRY_COUNT,
  ATTR_HANDOFF_SESSION_ID,
} from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import type { Queryable } from '../storage/database.js';
import { rememberArchived } from './archivedKeys.js';
import type { ArchiveDependencies, StoreDependencies } from './dependencies.js';
import { sha256Of } from './format/archiveWriter.js';
import { writeSession } from './format/sessionWriter.js';
import type { ReadPage, WrittenSession } from './format/sessionWriter.js';
import { requirePlace } from './requirePlace.js';
import { archiveInPlace, finishArchive } from './sql/finishArchive.js';
import type { FinishedArchive } from './sql/finishArchive.js';
import { condemnObject, forgetObjects, forgetUnwritten, keepNoted } from './sql/leftovers.js';
import { lockSession } from './sql/lockSession.js';
import type { LockedSession } from './sql/lockSession.js';
import { noteObject } from './sql/noteObject.js';
import type { NotedObject } from './sql/noteObject.js';
import { readSessionToArchive } from './sql/readSessionToArchive.js';
import type { SessionToArchive } from './sql/readSessionToArchive.js';
import type { DeletedRows } from './sql/rowStatements.js';

export type ArchiveOutcome =
  /** `storedBytes` is 0 for a session that was archived where it is. */
  | { readonly kind: 'archived'; readonly entries: number; readonly storedBytes: number; readonly contentBytes: number }
  | { readonly kind: 'already_archived' }
  | { readonly kind: 'session_not_found' }
  /** Only sessions that have ended are archived. */
  | { readonly kind: 'session_not_ended'; readonly status: string }
  /** Others changed the session meanwhile. Nothing was changed here; a later try sees what they did. */
  | { readonly kind: 'session_changed' };

const SERIALIZATION_FAILURE = '40001';

/** Thrown to roll back. */
class SessionChanged extends Error {
  override readonly name = 'SessionChanged';
}

/**
 * Moves an ended session into the archive, whether or not its time has come.
 *
 * The object is noted, written, read back and compared before the rows are deleted, and the rows are deleted only if they are still
 * those that were read. Whatever fails, and wherever the process ends, either the rows or the object are whole.
 *
 * @param objectKey a key that is noted already
 * @throws ArchiveStoreError, ArchiveDamagedError, ArchiveColumnsError; nothing was changed then.
 */
export function archiveSession(deps: ArchiveDependencies, sessionId: string, objectKey?: string): Promise<ArchiveOutcome> {
  return deps.observe(archiveOperations.write.name, { [ATTR_HANDOFF_SESSION_ID]: sessionId }, async (scope) => {
    const [session] = await deps.database.query<SessionToArchive>(readSessionToArchive, [sessionId]);
    const { store } = deps;
    const refused = refusal(session);
    if (refused !== undefined && objectKey !== undefined) await deps.database.query(forgetUnwritten, [objectKey]);
    const outcome =
      refused ?? (store === undefined ? await inPlace(deps, sessionId) : await move({ ...deps, store }, sessionId, session, objectKey));
    if (outcome.kind !== 'archived') {
      scope.fail(outcome.kind);
      return outcome;
    }
    scope.add({
      [ATTR_HANDOFF_ENTRY_COUNT]: outcome.entries,
      [ATTR_HANDOFF_ARCHIVE_BYTES]: outcome.storedBytes,
      ...(store === undefined ? {} : { [ATTR_HANDOFF_ARCHIVE_STORE]: store.kind }),
    });
    await rememberArchived(deps, [sessionId]);
    return outcome;
  });
}

function refusal(session: SessionToArchive | undefined): ArchiveOutcome | undefined {
  if (session === undefined) return { kind: 'session_not_found' };
  if (session.archived) return { kind: 'already_archived' };
  return session.status === 'active' ? { kind: 'session_not_ended', status: session.status } : undefined;
}

async function inPlace({ database }: ArchiveDependencies, sessionId: string): Promise<ArchiveOutcome> {
  const [done] = await database.query<FinishedArchive>(archiveInPlace, [sessionId, activeTraceparent() ?? null]);
  return done === undefined ? { kind: 'session_changed' } : { kind: 'archived', entries: 0, storedBytes: 0, contentBytes: 0 };
}

async function move(
  deps: StoreDependencies,
  sessionId: string,
  session: SessionToArchive | undefined,
  notedKey: string | undefined,
): Promise<ArchiveOutcome> {
  if (session === undefined) return { kind: 'session_not_found' };
  if (session.unknown_columns.length > 0) throw new ArchiveColumnsError(session.unknown_columns);
  if (notedKey === undefined) await requirePlace(deps);
  const objectKey = notedKey ?? (await note(deps, sessionId));
  const values = [objectKey, sessionId, deps.store.kind, deps.store.location];
  try {
    const stored = await putSession(deps, sessionId, session, objectKey);
    if (!(await exchange(deps, sessionId, session.hash, objectKey, stored))) {
      await deps.database.query(condemnObject, values);
      await discard(deps, objectKey);
      return { kind: 'session_changed' };
    }
    deps.recordObjectSize(stored.storedBytes, { [ATTR_HANDOFF_ARCHIVE_STORE]: deps.store.kind });
    return { kind: 'archived', entries: stored.counts.entry, storedBytes: stored.storedBytes, contentBytes: stored.contentBytes };
  } catch (error) {
    // What failed may appear all the same, and whoever erased the session has perhaps deleted it once and forgotten it.
    await deps.database.query(keepNoted, values).catch(() => undefined);
    throw error;
  }
}

/** Writes the object, and drops it from memory before it is read back: only one copy is held at a time. */
async function putSession(deps: StoreDependencies, sessionId: string, session: SessionToArchive, objectKey: string): Promise<Stored> {
  const stored = await writeAndPut(deps, sessionId, session, objectKey);
  await compareStored(deps, objectKey, stored);
  return stored;
}

async function writeAndPut(deps: StoreDependencies, sessionId: string, session: SessionToArchive, objectKey: string): Promise<Stored> {
  const { body, ...written } = await writeSession(deps.database, sessionId, session);
  await deps.store.put(objectKey, body);
  return { ...written, storedBytes: body.length };
}

/** Deletes an object that was written for nothing; it may hold what was erased meanwhile. If that fails, its note is left to a sweep. */
async function discard({ database, store }: StoreDependencies, objectKey: string): Promise<void> {
  try {
    await store.delete(objectKey);
  } catch {
    // Counted by the guarded store.
    return;
  }
  await database.query(forgetObjects, [[objectKey]]);
}

async function note({ database, store }: StoreDependencies, sessionId: string): Promise<string> {
  const [noted] = await database.query<NotedObject>(noteObject, [sessionId, store.kind, store.location]);
  if (noted === undefined) throw new Error('INSERT gave no row');
  return noted.object_key;
}

/** A store that says it has an object may have lost part of it. */
async function compareStored(deps: StoreDependencies, objectKey: string, { sha256, storedBytes }: Stored): Promise<void> {
  const stored = await deps.store.get(objectKey, storedBytes);
  if (stored !== undefined && sha256Of(stored) === sha256) return;
  const { kind, location } = deps.store;
  deps.countFailure(1, {
    [ATTR_HANDOFF_ARCHIVE_STORE]: kind,
    [ATTR_HANDOFF_ARCHIVE_OPERATION]: 'compare',
    [ATTR_ERROR_TYPE]: 'HANDOFF_ARCHIVE_DAMAGED',
  });
  throw new ArchiveDamagedError(
    { objectKey, store: kind, location },
    `what was read back ${stored === undefined ? 'is nothing' : 'differs from what was written'}, so the session stays in the database`,
  );
}

type Stored = Omit<WrittenSession, 'body'> & { readonly storedBytes: number };

/** Deletes the rows and describes the object, in one transaction. Returns false if the session is no longer what was read. */
async function exchange(deps: StoreDependencies, sessionId: string, hash: string, objectKey: string, stored: Stored): Promise<boolean> {
  try {
    await deps.database.transaction(async (locked) => {
      // A statement of its own: the next ones then see what whoever held the lock has written.
      const [session] = await locked.query<LockedSession>(lockSession, [sessionId]);
      if (session?.hash !== hash) throw new SessionChanged();
      const [facts] = await locked.query<{ readonly facts: string }>(deps.readFacts, [sessionId]);
      for (const page of stored.pages) await deletePage(locked, sessionId, page);
      const { counts } = stored;
      const [done] = await locked.query<FinishedArchive>(finishArchive, [
        sessionId,
        objectKey,
        deps.store.kind,
        deps.store.location,
        stored.sha256,
        stored.storedBytes,
        stored.contentBytes,
        counts.entry,
        counts.snapshot,
        counts.handoff,
        facts?.facts ?? '{}',
        activeTraceparent() ?? null,
      ]);
      if (done === undefined) throw new SessionChanged();
    });
    return true;
  } catch (error) {
    // Databases with a stricter default isolation refuse in place of waiting.
    if (error instanceof SessionChanged || errorCode(error) === SERIALIZATION_FAILURE) return false;
    throw error;
  }
}

async function deletePage(locked: Queryable, sessionId: string, { of, after, upTo, count, hash }: ReadPage): Promise<void> {
  const [gone] = await locked.query<DeletedRows>(of.deletePage, [sessionId, after, upTo]);
  if (gone === undefined || gone.count !== count || BigInt(gone.hash) !== hash) throw new SessionChanged();
}
