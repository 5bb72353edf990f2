import type { ObjectStore } from './objectStore.js';

/** Hears of each attempt to store an object; `error` is absent when it was stored. Must not throw. */
export type OnPut = (failure?: { readonly error: unknown }) => void;

/** Tells whether a store takes objects. That one cannot be read is news about that object, and not about the store. */
export function watchedStore(store: ObjectStore, onPut: OnPut): ObjectStore {
  return {
    kind: store.kind,
    location: store.location,
    ...(store.timeoutMs === undefined ? {} : { timeoutMs: store.timeoutMs }),
    get: (key, maxBytes) => store.get(key, maxBytes),
    head: (key) => store.head(key),
    delete: (key) => store.delete(key),
    put: async (key, body) => {
      try {
        await store.put(key, body);
      } catch (error) {
        onPut({ error });
        throw error;
      }
      onPut();
    },
  };
}
