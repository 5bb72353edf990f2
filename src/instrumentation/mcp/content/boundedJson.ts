import { JsonWriter } from './jsonWriter.js';
import type { Redaction } from './redactor.js';

/**
 * Returns `value` as JSON text of at most `maxBytes` bytes of UTF-8 (64 or more), with secrets replaced; `undefined` when it has
 * no JSON form (`undefined`, functions, symbols).
 *
 * The text is always valid JSON, whatever is left out. The work is bounded by `maxBytes`, not by the size of the value; the one
 * exception is an object with very many keys, which JavaScript can only list all at once (about 0.3 µs per key).
 * Never throws: a value that cannot be read becomes `"[unreadable]"`.
 */
export function boundedJson(value: unknown, maxBytes: number, redaction: Redaction): string | undefined {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  const writer = new JsonWriter(maxBytes, redaction);
  writer.write(value, '');
  return writer.text;
}
