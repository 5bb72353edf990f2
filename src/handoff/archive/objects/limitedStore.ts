import { within } from '../../../time/within.js';
import type { ObjectStore } from './objectStore.js';

/** For stores that have no limit, as a file system on a network. */
const TIMEOUT_MS = 90_000;
/** The store's own limit says better what it waited for. */
const MARGIN_MS = 30_000;

/**
 * Wraps a store so that no operation takes for ever. It goes below the policies: a circuit breaker hears only of what ends, and an
 * operation that hangs would keep its place among those that may run.
 */
export function limitedStore(store: ObjectStore): ObjectStore {
  const timeoutMs = store.timeoutMs === undefined ? TIMEOUT_MS : store.timeoutMs + MARGIN_MS;
  return {
    kind: store.kind,
    location: store.location,
    timeoutMs: store.timeoutMs ?? TIMEOUT_MS,
    put: (key, body) => within(timeoutMs, () => store.put(key, body)),
    get: (key, maxBytes) => within(timeoutMs, () => store.get(key, maxBytes)),
    head: (key) => within(timeoutMs, () => store.head(key)),
    delete: (key) => within(timeoutMs, () => store.delete(key)),
  };
}
