import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_ARCHIVE_STORE, ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import type { ArchiveDependencies, StoreDependencies } from './dependencies.js';
import { condemnObjects, condemnObjectsOf, countObjectsOf, forgetObjects } from './sql/leftovers.js';
import type { CondemnedObject } from './sql/leftovers.js';

const BATCH = 200;

/**
 * Deletes objects that nothing refers to: of archivers that failed, of sessions that were restored, purged or erased. Safe to run
 * anywhere, any number of times at once. Returns how many notes it settled.
 *
 * An object that is not found stays noted: for a day, in which it may still appear; where it was written to another place, for a
 * process that uses that place.
 */
export function sweepLeftovers(deps: StoreDependencies): Promise<number> {
  const { database, store, leftoverGraceMs } = deps;
  return deps.observe(archiveOperations.clean.name, { [ATTR_HANDOFF_ARCHIVE_STORE]: store.kind }, async () => {
    let deleted = 0;
    const seen = new Set<string>();
    for (;;) {
      const objects = await database.query<CondemnedObject>(condemnObjects, [leftoverGraceMs, BATCH, [...seen]]);
      for (const { object_key: key } of objects) seen.add(key);
      deleted += await deleteObjects(deps, objects);
      if (objects.length < BATCH) return deleted;
    }
  });
}

/** Deletes the objects of a session that was deleted, and returns whether none is left or can still appear. */
export async function clearSession(deps: ArchiveDependencies, sessionId: string): Promise<boolean> {
  const { database, store } = deps;
  if (store !== undefined) {
    const attributes = { [ATTR_HANDOFF_ARCHIVE_STORE]: store.kind, [ATTR_HANDOFF_SESSION_ID]: sessionId };
    await deps.observe(archiveOperations.clean.name, attributes, async () => {
      await deleteObjects({ ...deps, store }, await database.query<CondemnedObject>(condemnObjectsOf, [sessionId]));
    });
  }
  const [row] = await database.query<{ readonly objects: number }>(countObjectsOf, [sessionId]);
  return row?.objects === 0;
}

async function deleteObjects(deps: StoreDependencies, objects: readonly CondemnedObject[]): Promise<number> {
  const gone: string[] = [];
  for (const object of objects) if (await deleteObject(deps, object)) gone.push(object.object_key);
  if (gone.length > 0) await deps.database.query(forgetObjects, [gone]);
  return gone.length;
}

/** Returns whether the object is gone for good; one that cannot be deleted now is tried again by the next sweep. */
async function deleteObject({ store }: StoreDependencies, object: CondemnedObject): Promise<boolean> {
  const { object_key: key, store: kind, location, is_past: isPast } = object;
  try {
    const isOurs = store.kind === kind && store.location === location;
    const isThere = (await store.head(key)) !== undefined;
    if (!isThere && !isOurs) return false;
    // Also where nothing is: what a crash left of writing it goes with it.
    await store.delete(key);
    return isThere || isPast;
  } catch {
    // Counted by the guarded store.
    return false;
  }
}
