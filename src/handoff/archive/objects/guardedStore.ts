import { ArchiveStoreError } from '../../../errors/archiveErrors.js';
import type { RecordPoint } from '../../../telemetry/instruments.js';
import { errorType } from '../../../telemetry/errorType.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ARCHIVE_OPERATION, ATTR_HANDOFF_ARCHIVE_STORE } from '../../../telemetry/semconv.js';
import type { ObjectStore } from './objectStore.js';

/** Wraps a store so that each failure is counted and thrown as `ArchiveStoreError`. */
export function guardedStore(store: ObjectStore, countFailure: RecordPoint): ObjectStore {
  const { kind, location } = store;
  const guarded = async <T>(operation: string, key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
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
    get: (key, maxBytes) => guarded('get', key, () => store.get(key, maxBytes)),
    head: (key) => guarded('head', key, () => store.head(key)),
    delete: (key) => guarded('delete', key, () => store.delete(key)),
  };
}
