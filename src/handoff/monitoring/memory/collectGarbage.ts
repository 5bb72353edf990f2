import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Runs a full garbage collection, which stops the thread for as long. */
export type CollectGarbage = () => void;

/**
 * Finds what starts a garbage collection: `gc` of `node --expose-gc`, or the one that a new context of V8 gets while that flag is set.
 * `undefined` where Node allows neither.
 */
export function findCollector(): CollectGarbage | undefined {
  const exposed: unknown = globalThis.gc;
  if (isCollector(exposed)) return exposed;
  try {
    setFlagsFromString('--expose-gc');
    const found: unknown = runInNewContext('gc');
    return isCollector(found) ? found : undefined;
  } catch {
    return undefined;
  } finally {
    restoreFlag();
  }
}

/** Contexts that others make later must not have it. */
function restoreFlag(): void {
  try {
    setFlagsFromString('--no-expose-gc');
  } catch {
    // Then it could not be set either.
  }
}

function isCollector(found: unknown): found is CollectGarbage {
  return typeof found === 'function';
}
