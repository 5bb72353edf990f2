import { LegalHoldError } from '../../errors/retentionErrors.js';
import { retentionOperations } from '../../telemetry/catalogue/retention.js';
import { ATTR_HANDOFF_RETENTION_CAUSE, ATTR_HANDOFF_RETENTION_POLICY, ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import { keysOfDeleted } from '../sessions/cacheEntries.js';
import { deleteAllEntries } from '../sessions/deleteAllEntries.js';
import { cacheFailed } from '../storage/cache.js';
import type { Queryable } from '../storage/database.js';
import type { RetentionDependencies } from './dependencies.js';
import { refusing } from './refusing.js';
import { DEFAULT_POLICY } from './retentionPolicy.js';
import { referenceValues } from './sessionReference.js';
import type { SessionReference } from './sessionReference.js';
import { eraseSession, findDeletion, lockForErasure, readBeforeErasure } from './sql/eraseSession.js';
import type { BeforeErasureRow, DeletionRow, EraseSessionRow, ErasedRows, SessionToErase } from './sql/eraseSession.js';
import { requireRecordable } from './validation.js';

export type Erasure =
  | {
      readonly kind: 'erased';
      readonly sessionId: string;
      readonly deleted: ErasedRows;
      /**
       * False if an object of the session is left or can still appear: the archive could not be reached, was not given, does not have the
       * object, or somebody is just writing it. A later sweep deletes it; erasing again says whether it did.
       */
      readonly archiveCleared: boolean;
      /** False if the cache could not be reached: its entries end with their own time to live, after a week at most. */
      readonly cacheCleared: boolean;
    }
  | {
      readonly kind: 'already_deleted';
      readonly sessionId: string;
      readonly deletedAt: Date;
      readonly cause: string;
      readonly archiveCleared: boolean;
    };

/** Erases one session; `undefined` for one that never existed, or that was named by a key that nobody has any more. */
export async function erase(deps: RetentionDependencies, session: SessionReference, actor: string): Promise<Erasure | undefined> {
  requireRecordable(actor);
  return refusing(deps.observe, retentionOperations.erase.name, {}, async (scope) => {
    const values = referenceValues(session);
    const done = await deps.database.transaction((q) => eraseRows(deps, q, values, actor));
    if (done === undefined) {
      const earlier = await earlierDeletion(deps, values[0]);
      if (earlier === undefined) scope.fail('session_not_found');
      return earlier;
    }
    const { target, agents, deleted } = done;
    scope.add({ [ATTR_HANDOFF_SESSION_ID]: target.id });
    deps.record.deletions(1, {
      [ATTR_HANDOFF_RETENTION_CAUSE]: 'erasure',
      [ATTR_HANDOFF_RETENTION_POLICY]: target.retention_policy ?? DEFAULT_POLICY,
    });
    const [archiveCleared, cacheCleared] = await Promise.all([
      clearArchive(deps, target.id, deleted.archiveObjects),
      clearCache(deps, target, agents),
    ]);
    return { kind: 'erased', sessionId: target.id, deleted, archiveCleared, cacheCleared };
  });
}

/** Longer than a call takes from its commit to its entry in the cache, unless its process stands still. */
const LATE_WRITES_MS = 1000;

interface ErasedAll {
  readonly target: SessionToErase;
  readonly agents: readonly string[];
  readonly deleted: ErasedRows;
}

async function eraseRows(
  { hooks }: RetentionDependencies,
  q: Queryable,
  reference: ReturnType<typeof referenceValues>,
  actor: string,
): Promise<ErasedAll | undefined> {
  const [target] = await q.query<SessionToErase>(lockForErasure, reference);
  if (target === undefined) return undefined;
  // A statement of its own, after the lock: it sees every hold that was placed before.
  const [before] = await q.query<BeforeErasureRow>(readBeforeErasure, [target.id]);
  if (before?.held_since instanceof Date) throw new LegalHoldError(target.id, before.held_since);
  await hooks.run(q, { sessionId: target.id, sessionKey: target.session_key });
  const entries = await deleteAllEntries(q, target.id);
  const [row] = await q.query<EraseSessionRow>(eraseSession, [target.id, target.created_at, target.retention_policy, actor, entries]);
  if (row === undefined) throw new Error('A locked session was not deleted');
  return { target, agents: before?.agents ?? [], deleted: row.deleted };
}

async function earlierDeletion(deps: RetentionDependencies, sessionId: string | null): Promise<Erasure | undefined> {
  if (sessionId === null) return undefined;
  const [row] = await deps.database.query<DeletionRow>(findDeletion, [sessionId]);
  if (row === undefined) return undefined;
  const { deleted_at: deletedAt, cause, objects } = row;
  return { kind: 'already_deleted', sessionId, deletedAt, cause, archiveCleared: await clearArchive(deps, sessionId, objects) };
}

/** The rows are gone for good; a store that fails now must not make the erasure look undone. */
async function clearArchive({ archive }: RetentionDependencies, sessionId: string, objects: number): Promise<boolean> {
  if (archive === undefined) return objects === 0;
  try {
    return await archive.clear(sessionId);
  } catch {
    return false;
  }
}

/**
 * A call whose rows were written just before they were erased puts them into the cache a moment later, perhaps in another process. So a
 * shared cache is cleared again after a while.
 */
async function clearCache(
  { cache, clock }: RetentionDependencies,
  { id: sessionId, session_key: sessionKey }: SessionToErase,
  agents: readonly string[],
): Promise<boolean> {
  const keys = keysOfDeleted({ sessionId, sessionKey, agents });
  const clear = async (): Promise<boolean> => !(await Promise.all(keys.map((each) => cache.delete(each)))).includes(cacheFailed);
  const isCleared = await clear();
  if (cache.kind !== 'redis') return isCleared;
  await clock.sleep(LATE_WRITES_MS);
  return clear();
}
