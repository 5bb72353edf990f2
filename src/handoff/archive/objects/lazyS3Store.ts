import type { ObjectStore } from './objectStore.js';
import { createS3Store, s3Location, s3TimeoutMs } from './s3Store.js';
import type { S3Store, S3StoreOptions } from './s3Store.js';

/**
 * The same as `createS3Store`, but loads the SDK when the store is first used: it takes longer than a client waits for the first answer
 * of a server. Whoever makes one says at the start whether the package is there.
 */
export function lazyS3Store(options: S3StoreOptions): S3Store {
  let opening: Promise<S3Store> | undefined;
  const open = async (): Promise<ObjectStore> => {
    opening ??= createS3Store(options);
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return {
    kind: 's3',
    location: s3Location(options),
    timeoutMs: s3TimeoutMs(options),
    put: async (key, body) => (await open()).put(key, body),
    get: async (key, maxBytes) => (await open()).get(key, maxBytes),
    head: async (key) => (await open()).head(key),
    delete: async (key) => (await open()).delete(key),
    close: () => {
      void opening?.then(
        (store) => store.close(),
        () => undefined,
      );
    },
  };
}
