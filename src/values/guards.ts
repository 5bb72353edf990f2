/** What a value is that came from somewhere else: the host, a library, a file, the wire. */

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

export function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

/** Anything with properties but a function; arrays as well. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** An object as JSON and YAML have them: keys and values, no array. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !Array.isArray(value);
}

/** A promise of whichever class. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && isFunction(value['then']);
}
