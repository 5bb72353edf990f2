import type { Kind, Refuse } from '../../variables/variable.js';
import { keyValues, LIST_ALLOWED, place } from './keyValues.js';

/** The characters that RFC 9110 allows in a header's name and value. Node rejects every request that has others. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

export const headerList: Kind<Readonly<Record<string, string>>> = { allowed: LIST_ALLOWED, secret: true, parse: headersFromList };

/** Parses headers from a list `name=value,…`. Invalid ones are left out and reported. */
export function headersFromList(text: string, refuse: Refuse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [index, item] of keyValues(text, refuse).entries()) {
    if (item === undefined) continue;
    if (isHeader(item.name, item.value)) headers[item.name] = item.value;
    else refuse({ given: place(index), allowed: 'a valid header name and value' });
  }
  return headers;
}

export function isHeader(name: string, value: string): boolean {
  return NAME.test(name) && VALUE.test(value);
}
