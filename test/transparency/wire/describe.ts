/** Deeper than anything a handler is given for its use. */
const MAX_DEPTH = 8;

/**
 * A value as data: keys in their order, functions by name and number of parameters, objects of classes by their class.
 * What a handler or caller could notice of a value is in it.
 */
export function describe(value: unknown, depth = 0): unknown {
  if (value === undefined) return '[undefined]';
  if (typeof value === 'function') return `[function ${value.name}/${value.length}]`;
  if (typeof value === 'bigint' || typeof value === 'symbol') return `[${String(value)}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => describe(item, depth + 1));
  if (value instanceof AbortSignal) return `[AbortSignal aborted=${value.aborted}]`;
  if (value instanceof URL) return `[URL ${value.href}]`;
  if (value instanceof Headers) return { '[Headers]': Object.fromEntries(value) };
  if (value instanceof Request)
    return { '[Request]': { method: value.method, url: value.url, headers: Object.fromEntries(value.headers) } };
  if (value instanceof Error)
    return { [`[${value.constructor.name}]`]: { name: value.name, message: value.message, ...own(value, depth) } };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return `[${value.constructor.name} ${Object.getOwnPropertyNames(value).join()}]`;
  return own(value, depth);
}

function own(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, describe(field, depth + 1)]));
}
