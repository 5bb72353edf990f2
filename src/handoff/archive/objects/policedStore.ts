import type { MakeGuard } from '../../storage/guard.js';
import { checkedKey } from './objectStore.js';
import type { ObjectStore } from './objectStore.js';

/** Of no object: whether the store knows that is all a probe wants to know. */
const PROBE_KEY = checkedKey('probe/none');

/** Wraps a store so that its operations run under a guard. */
export function policedStore(store: ObjectStore, makeGuard: MakeGuard): ObjectStore {
  const guard = makeGuard(() => store.head(PROBE_KEY));
  return {
    kind: store.kind,
    location: store.location,
    ...(store.timeoutMs === undefined ? {} : { timeoutMs: store.timeoutMs }),
    put: (key, body) => guard.run(() => store.put(key, body)),
    get: (key, maxBytes) => guard.read(() => store.get(key, maxBytes)),
    head: (key) => guard.read(() => store.head(key)),
    delete: (key) => guard.run(() => store.delete(key)),
  };
}
