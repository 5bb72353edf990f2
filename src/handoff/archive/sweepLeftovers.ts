import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_ARCHIVE_STORE } from '../../telemetry/semconv.js';
import type { Queryable } from '../storage/database.js';
import type { StoreDependencies } from './dependencies.js';
import { condemnObjects, forgetObjects, noteRemoval } from './sql/leftovers.js';
import type { CondemnedObject } from './sql/leftovers.js';

const BATCH = 200;

/**
 * Deletes objects that nothing refers to: of archivers that failed, of sessions that were restored, purged or erased. Safe to run
 * anywhere, any number of times at once. Returns how many were deleted.
 *
 * An object that was written to another place, and is not in this one either, stays noted for a process that uses that place.
 */
export function sweepLeftovers(deps: StoreDependencies): Promise<number> {
  const { database, store, leftoverGraceMs } = deps;
  return deps.observe(archiveOperations.clean.name, { [ATTR_HANDOFF_ARCHIVE_STORE]: store.kind }, async () => {
    let deleted = 0;
    const seen = new Set<string>();
    for (;;) {
      const objects = await database.query<CondemnedObject>(condemnObjects, [leftoverGraceMs, BATCH, [...seen]]);
      const gone: string[] = [];
      for (const object of objects) {
        seen.add(object.object_key);
        if (await deleteObject(deps, object)) gone.push(object.object_key);
      }
      if (gone.length > 0) await database.query(forgetObjects, [gone]);
      deleted += gone.length;
      if (objects.length < BATCH) return deleted;
    }
  });
}

/** Returns whether the object is gone; one that cannot be deleted now is tried again by the next sweep. */
async function deleteObject({ store }: StoreDependencies, { object_key: key, store: kind, location }: CondemnedObject): Promise<boolean> {
  try {
    const isOurs = store.kind === kind && store.location === location;
    if (!isOurs && (await store.head(key)) === undefined) return false;
    await store.delete(key);
    return true;
  } catch {
    // Counted and described by the guarded store.
    return false;
  }
}

/**
 * Notes the objects of sessions for deletion. Call it in the transaction that deletes the sessions' rows, before it does; when that
 * has committed, `sweepLeftovers` deletes the objects at once, or whenever a process next can.
 *
 * Returns how many objects there are.
 */
export async function noteArchiveRemoval(transaction: Queryable, sessionIds: readonly string[]): Promise<number> {
  return (await transaction.query(noteRemoval, [sessionIds])).length;
}
