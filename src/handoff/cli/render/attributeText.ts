import { inspect } from 'node:util';
import type { AttributeRecord, AttributeValue } from '../../../testing/records.js';

/** Renders an attribute value on one line: strings unchanged, the rest as JavaScript would show it. */
export const valueText = (value: AttributeValue): string =>
  typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 3 });

/** Renders `key=value` pairs, sorted by key and separated by spaces; values with spaces are quoted to keep the pairs distinct. */
export function attributesText(attributes: AttributeRecord, omit: ReadonlySet<string>): string {
  return Object.entries(attributes)
    .filter(([key]) => !omit.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const text = valueText(value);
      return `${key}=${typeof value === 'string' && /[\s"]|^$/.test(text) ? JSON.stringify(text) : text}`;
    })
    .join(' ');
}
