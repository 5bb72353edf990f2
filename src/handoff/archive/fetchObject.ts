import { ArchiveDamagedError, ArchiveElsewhereError, ArchiveMissingError } from '../../errors/archiveErrors.js';
import type { ArchivePlace } from '../../errors/archiveErrors.js';
import { UnreadableArchive, archiveLines } from './format/archiveLines.js';
import type { ArchiveLine } from './format/archiveLines.js';
import { sha256Of } from './format/archiveWriter.js';
import type { ObjectStore } from './objects/objectStore.js';
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
  const body = await store?.get(described.object_key);
  if (body === undefined) throw absent(store, place);
  if (body.length !== described.stored_bytes) throw wrongSize(place, body.length, described.stored_bytes);
  if (sha256Of(body) !== described.sha256) throw new ArchiveDamagedError(place, 'its checksum differs from that of what was written');
  return body;
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
