import { ArchiveStoreError } from '../../../errors/archiveErrors.js';
import type { RecordPoint } from '../../../telemetry/instruments.js';
import { errorType } from '../../../telemetry/errorType.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ARCHIVE_OPERATION, ATTR_HANDOFF_ARCHIVE_STORE } from '../../../telemetry/semconv.js';
import { within } from '../../../time/within.js';
import type { ObjectStore } from './objectStore.js';

/** For stores that have no limit, as a file system on a network. */
const TIMEOUT_MS = 90_000;
/** The store's own limit says better what it waited for. */
const MARGIN_MS = 30_000;

/** Wraps a store so that each failure is counted and thrown as `ArchiveStoreError`, and no operation takes for ever. */
export function guardedStore(store: ObjectStore, countFailure: RecordPoint): ObjectStore {
  const { kind, location } = store;
  const timeoutMs = store.timeoutMs === undefined ? TIMEOUT_MS : store.timeoutMs + MARGIN_MS;
  const guarded = async <T>(operation: string, key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await within(timeoutMs, work);
    } catch (error) {
      countFailure(1, {
        [ATTR_HANDOFF_ARCHIVE_STORE]: kind,
        [ATTR_HANDOFF_ARCHIVE_OPERATION]: operation,
        [ATTR_ERROR_TYPE]: errorType(error),
      });
      throw new ArchiveStoreError(operation, { objectKey: key, store: kind, location }, error);
    }
  };
  return {
    kind,
    location,
    put: (key, body) => guarded('put', key, () => store.put(key, body)),
    get: (key) => guarded('get', key, () => store.get(key)),
    head: (key) => guarded('head', key, () => store.head(key)),
    delete: (key) => guarded('delete', key, () => store.delete(key)),
  };
}
