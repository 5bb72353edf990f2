import { ArchiveStoreError } from '../../errors/archiveErrors.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ARCHIVE_OPERATION, ATTR_HANDOFF_ARCHIVE_STORE } from '../../telemetry/semconv.js';
import type { StoreDependencies } from './dependencies.js';
import { sampleObjects } from './sql/sampleObjects.js';
import type { SampledObject } from './sql/sampleObjects.js';

/** One or two that are gone say nothing about the place. */
const ENOUGH = 3;

/** No object that was written to this place is in it. */
class PlaceEmpty extends Error {
  override readonly name = 'PlaceEmpty';
  readonly code = 'PLACE_EMPTY';
}

/**
 * Makes sure that the store is the one that was written to before. A folder whose disk is not mounted takes objects as well, and they are
 * out of reach, with the only copy of the entries, once it is mounted or the container ends.
 *
 * @throws ArchiveStoreError if none of some objects that were written there can be found
 */
export async function requirePlace({ database, store, countFailure }: StoreDependencies): Promise<void> {
  const { kind, location } = store;
  const sample = await database.query<SampledObject>(sampleObjects, [kind, location]);
  const [first] = sample;
  if (first === undefined || sample.length < ENOUGH) return;
  try {
    for (const { object_key: key } of sample) if ((await store.head(key)) !== undefined) return;
  } catch {
    // Counted by the guarded store; whoever writes there next says what is wrong with it.
    return;
  }
  countFailure(1, {
    [ATTR_HANDOFF_ARCHIVE_STORE]: kind,
    [ATTR_HANDOFF_ARCHIVE_OPERATION]: 'head',
    [ATTR_ERROR_TYPE]: 'HANDOFF_ARCHIVE_MISSING',
  });
  const cause = new PlaceEmpty(`none of ${sample.length} objects that were written there is in it`);
  throw new ArchiveStoreError('find', { objectKey: first.object_key, store: kind, location }, cause);
}
