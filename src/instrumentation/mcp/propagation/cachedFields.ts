import type { Propagation } from './parentContext.js';

/**
 * Returns the same propagators with their field names cached: composite ones build a new list on every call, and we ask once per
 * message. An empty list is not cached, since the host may register its propagators after us.
 */
export function withCachedFields(propagation: Propagation): Propagation {
  let fields: string[] = [];
  return {
    extract: (...args: Parameters<Propagation['extract']>) => propagation.extract(...args),
    inject: (...args: Parameters<Propagation['inject']>) => {
      propagation.inject(...args);
    },
    fields: () => {
      if (fields.length === 0) fields = propagation.fields();
      return fields;
    },
  };
}
