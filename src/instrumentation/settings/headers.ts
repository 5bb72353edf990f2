import type { Notify } from './env.js';
import { keyValues } from './keyValues.js';

/** RFC 9110: what a header's name and value may consist of. Node refuses a request with anything else, every time. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/**
 * Headers from a list `name=value,…`. What cannot be a header is left out and reported, by its place alone: such lists
 * hold tokens, and a token without its name is the usual mistake.
 */
export function headersFromList(text: string, source: string, notify: Notify): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [index, item] of keyValues(text).entries()) {
    if (item === undefined) notify(`${source}: item ${index + 1} is not name=value, percent-encoded; it is ignored.`);
    else if (isHeader(item.name, item.value)) headers[item.name] = item.value;
    else notify(`${source}: item ${index + 1} has characters no header can have; it is ignored.`);
  }
  return headers;
}

export function isHeader(name: string, value: string): boolean {
  return NAME.test(name) && VALUE.test(value);
}
