import { isMapping } from '../../values/guards.js';
import type { JsonObject } from './types.js';

/** Holds the caller's values for reserved keys. */
export const CALLER_METADATA = 'callerMetadata';

/**
 * Returns stored metadata as they are shown. The earlier server stored whatever its callers gave, also a list or a text; answers have an
 * object there, and clients refuse a whole list of sessions for one that has not.
 */
export function shownMetadata(stored: unknown): JsonObject {
  if (stored === null || stored === undefined) return {};
  return isMapping(stored) ? stored : { [CALLER_METADATA]: stored };
}

/**
 * Returns the caller's metadata together with our keys. Readers recognise system entries by our keys, so a caller's value under
 * the same name moves into `callerMetadata` instead of being lost.
 */
export function withOurKeys(caller: JsonObject, ours: JsonObject): JsonObject {
  const taken = Object.keys(ours).filter((name) => Object.hasOwn(caller, name));
  if (taken.length === 0) return { ...caller, ...ours };
  const moved = Object.hasOwn(caller, CALLER_METADATA) ? [...taken, CALLER_METADATA] : taken;
  return { ...caller, ...ours, [CALLER_METADATA]: Object.fromEntries(moved.map((name) => [name, caller[name]])) };
}
