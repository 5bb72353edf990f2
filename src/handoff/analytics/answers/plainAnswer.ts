import { isMapping } from '../../../values/guards.js';

/** Returns an answer as JSON can hold it: JSON would make an empty object of a map. Times become texts, as in JSON. */
export function plainAnswer(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return plainAnswer(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plainAnswer);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainAnswer(item)]));
}
