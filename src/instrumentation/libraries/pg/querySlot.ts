import { isFunction, isRecord } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';

/** Where a call of `client.query()` carries its callback, in `pg`'s order of precedence. */
export type QuerySlot = 'third' | 'second' | 'config';

export interface QueryCallback {
  readonly slot: QuerySlot;
  readonly callback: AnyFunction;
}

export function callbackOf(args: readonly unknown[]): QueryCallback | undefined {
  const [config, values, third] = args;
  if (isFunction(third)) return { slot: 'third', callback: third };
  // If something else is in its place, `pg` throws or ignores it.
  if (isFunction(values)) return { slot: 'second', callback: values };
  const callback: unknown = isRecord(config) ? Reflect.get(config, 'callback') : undefined;
  return isFunction(callback) ? { slot: 'config', callback } : undefined;
}

/**
 * Calls `query` with another callback in place of the host's, and leaves the host's own object as `pg` would have: an object that
 * is reused must not carry our callback, which belongs to this query.
 */
export function withCallback<T>(
  args: readonly unknown[],
  { slot, callback }: QueryCallback,
  ours: AnyFunction,
  query: (args: readonly unknown[]) => T,
): T {
  const [config, values, ...rest] = args;
  if (slot === 'config') return withConfigCallback(config, callback, ours, (given) => query([given, values, ...rest]));
  try {
    return query(slot === 'third' ? [config, values, ours] : [config, ours, ...rest]);
  } finally {
    // Older versions put the callback into the object they were given.
    if (isRecord(config) && Reflect.get(config, 'callback') === ours) Reflect.set(config, 'callback', callback);
  }
}

function withConfigCallback<T>(config: unknown, callback: AnyFunction, ours: AnyFunction, query: (config: unknown) => T): T {
  if (!isRecord(config)) return query(config);
  if (!Reflect.set(config, 'callback', ours))
    return query(Object.create(config, { callback: { value: ours, enumerable: true, writable: true } }));
  try {
    return query(config);
  } finally {
    if (Reflect.get(config, 'callback') === ours) Reflect.set(config, 'callback', callback);
  }
}
