/** Type checks for values from elsewhere: the host, a library, a file, the wire. */

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

export function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

/** Anything with properties except a function; arrays too. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** An object in the sense of JSON and YAML: keys and values, not an array. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !Array.isArray(value);
}

/** A promise of any class. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && isFunction(value['then']);
}
