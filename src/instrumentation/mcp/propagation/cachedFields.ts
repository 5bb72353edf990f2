import type { Propagation } from './parentContext.js';

/**
 * The same propagators with their field names remembered: composite ones build a new list on every call, and we ask once a
 * message. An empty list is asked for again, since the host may register its propagators after us.
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
