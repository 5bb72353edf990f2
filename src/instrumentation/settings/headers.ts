import type { Kind, Refuse } from '../../variables/variable.js';
import { keyValues, LIST_ALLOWED, place } from './keyValues.js';

/** RFC 9110: what a header's name and value may consist of. Node refuses a request with anything else, every time. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

export const headerList: Kind<Readonly<Record<string, string>>> = { allowed: LIST_ALLOWED, secret: true, parse: headersFromList };

/** Headers from a list `name=value,…`. What cannot be a header is left out and reported. */
export function headersFromList(text: string, refuse: Refuse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [index, item] of keyValues(text, refuse).entries()) {
    if (item === undefined) continue;
    if (isHeader(item.name, item.value)) headers[item.name] = item.value;
    else refuse({ given: place(index), allowed: 'made of characters that a header can have' });
  }
  return headers;
}

export function isHeader(name: string, value: string): boolean {
  return NAME.test(name) && VALUE.test(value);
}
