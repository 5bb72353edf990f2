/** Size of a JSON value on the wire, where an answer carries it as text within JSON and, for tools, also as a structured value. */

const INDENT = 2;

/** Formats JSON the way every client of the earlier server expects it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, INDENT);
}

/** Returns the bytes of the value as text within JSON: quotes and line ends are escaped once more. */
function textBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(jsonText(value)));
}

/** Returns the exact size of the value on the wire. */
export function wireBytes(value: unknown, isStructured: boolean): number {
  return textBytes(value) + (isStructured ? Buffer.byteLength(JSON.stringify(value)) : 0);
}

/** A control character becomes `\\u0001` in the text and `\u0001` in the structured value. */
const MOST_BYTES_PER_CHARACTER = 7 + 6;
/** Quotes, comma, colon, line end, and the digits of a number or a time, in both forms. */
const MOST_BYTES_PER_VALUE = 80;

/** Depth of an item in the lists of the answers. */
const LIST_DEPTH = 2;

/**
 * Returns an upper bound for the size of the value without serialising it: most answers are so small that this is enough.
 */
export function mostWireBytes(value: unknown, depth = LIST_DEPTH): number {
  const own = MOST_BYTES_PER_VALUE + INDENT * depth;
  if (typeof value === 'string') return own + MOST_BYTES_PER_CHARACTER * value.length;
  if (typeof value !== 'object' || value === null || value instanceof Date) return own;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + mostWireBytes(item, depth + 1), 2 * own);
  let sum = 2 * own;
  for (const [name, item] of Object.entries(value)) sum += MOST_BYTES_PER_CHARACTER * name.length + mostWireBytes(item, depth + 1);
  return sum;
}

/** Returns the bytes a character takes in the text within JSON, and in the structured value. */
function characterBytes(codePoint: number): readonly [text: number, structured: number] {
  if (codePoint === 0x22 || codePoint === 0x5c) return [4, 2];
  if (codePoint < 0x20) return SHORT_ESCAPES.has(codePoint) ? [3, 2] : [7, 6];
  if (codePoint < 0x80) return [1, 1];
  if (codePoint < 0x800) return [2, 2];
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return [7, 6];
  return codePoint < 0x10000 ? [3, 3] : [4, 4];
}

/** Backspace, tab, line feed, form feed and carriage return are escaped in two characters. */
const SHORT_ESCAPES: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

export interface Prefix {
  readonly text: string;
  /** Its length in Unicode code points. */
  readonly characters: number;
}

/** Returns the longest prefix of a text that takes at most the given bytes on the wire; never half a character. */
export function longestPrefix(text: string, bytes: number, isStructured: boolean): Prefix {
  let left = bytes;
  let units = 0;
  let characters = 0;
  for (const character of text) {
    const [inText, structured] = characterBytes(character.codePointAt(0) ?? 0);
    left -= inText + (isStructured ? structured : 0);
    if (left < 0) break;
    units += character.length;
    characters += 1;
  }
  return { text: text.slice(0, units), characters };
}
