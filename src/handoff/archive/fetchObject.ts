import { ArchiveDamagedError, ArchiveElsewhereError, ArchiveMissingError } from '../../errors/archiveErrors.js';
import type { ArchivePlace } from '../../errors/archiveErrors.js';
import { UnreadableArchive, archiveLines } from './format/archiveLines.js';
import type { ArchiveLine } from './format/archiveLines.js';
import { sha256Of } from './format/archiveWriter.js';
import type { ObjectStore } from './objects/objectStore.js';
import type { ArchiveDependencies } from './dependencies.js';
import { isDescribed } from './sql/describedArchive.js';
import type { ArchiveDescription } from './sql/describedArchive.js';

/** What is needed to find an object and to know that it is the right one. */
export type ObjectDescription = Pick<ArchiveDescription, 'object_key' | 'store' | 'location' | 'sha256' | 'stored_bytes'>;

export function placeOf({ object_key: objectKey, store, location }: ObjectDescription): ArchivePlace {
  return { objectKey, store, location };
}

/**
 * Fetches an object and checks that it is what was written. The store that this process uses is asked wherever the object was written:
 * a folder may have been moved, or copied to a bucket.
 *
 * @throws ArchiveMissingError, ArchiveElsewhereError, ArchiveDamagedError, ArchiveStoreError
 */
export async function fetchObject(store: ObjectStore | undefined, described: ObjectDescription): Promise<Uint8Array> {
  const place = placeOf(described);
  const body = await store?.get(described.object_key, described.stored_bytes);
  if (body === undefined) throw absent(store, place);
  if (body.length > described.stored_bytes)
    throw new ArchiveDamagedError(place, `it has more than the ${described.stored_bytes} bytes written`);
  if (body.length !== described.stored_bytes) throw wrongSize(place, body.length, described.stored_bytes);
  if (sha256Of(body) !== described.sha256) throw new ArchiveDamagedError(place, 'its checksum differs from that of what was written');
  return body;
}

/**
 * Does the same for a session's object, and resolves with `undefined` if it cannot because the session is not archived there any more:
 * what was erased meanwhile is no loss, and nobody should look for it in a backup.
 */
export async function fetchCurrent(
  deps: Pick<ArchiveDependencies, 'store' | 'database'>,
  sessionId: string,
  described: ObjectDescription,
): Promise<Uint8Array | undefined> {
  try {
    return await fetchObject(deps.store, described);
  } catch (error) {
    if (await isCurrent(deps, sessionId, described)) throw error;
    return undefined;
  }
}

/** Whether a session is archived in this object still. */
export async function isCurrent(
  { database }: Pick<ArchiveDependencies, 'database'>,
  sessionId: string,
  { object_key: key }: ObjectDescription,
): Promise<boolean> {
  return (await database.query(isDescribed, [sessionId, key])).length > 0;
}

export function absent(store: ObjectStore | undefined, place: ArchivePlace): Error {
  const isHere = store?.kind === place.store && store.location === place.location;
  return isHere ? new ArchiveMissingError(place) : new ArchiveElsewhereError(place, store?.location ?? 'none');
}

export function wrongSize(place: ArchivePlace, bytes: number, wanted: number): ArchiveDamagedError {
  return new ArchiveDamagedError(place, `it has ${bytes} bytes, and ${wanted} were written`);
}

/** Gives the lines of a fetched object; what cannot be read is thrown as `ArchiveDamagedError`. */
export async function* linesOf(body: Uint8Array, place: ArchivePlace): AsyncGenerator<ArchiveLine> {
  try {
    yield* archiveLines(body);
  } catch (error) {
    if (error instanceof UnreadableArchive) throw new ArchiveDamagedError(place, error.message, error);
    throw error;
  }
}
