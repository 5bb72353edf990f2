const ELLIPSIS = '…';

/** Marks the end of a text that was cut, and replaces values there was no room for. */
export const TRUNCATED = '[truncated]';

/** Ends a text that was cut. */
export const CUT_MARK = `${ELLIPSIS}${TRUNCATED}`;

/** Bytes of UTF-8. */
export const CUT_MARK_BYTES = Buffer.byteLength(CUT_MARK);

/** Cost in bytes of one character given by its code point; a lone half of a surrogate pair is passed by itself. */
export type CharCost = (codePoint: number) => number;

/** Bytes of UTF-8; a lone surrogate becomes U+FFFD, which takes three. */
export const utf8Cost: CharCost = (codePoint) => {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint > 0xffff ? 4 : 3;
};

/** Bytes of UTF-8 of what `JSON.stringify` writes inside a string. */
export const jsonCost: CharCost = (codePoint) => {
  if (codePoint === 0x22 || codePoint === 0x5c) return 2;
  if (codePoint < 0x20) return codePoint >= 0x08 && codePoint <= 0x0d && codePoint !== 0x0b ? 2 : 6;
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? 6 : utf8Cost(codePoint);
};

/**
 * Returns the longest beginning of `text` that costs at most `maxBytes`, never ending inside a surrogate pair. Reads no further
 * than necessary.
 */
export function beginningWithin(text: string, maxBytes: number, cost: CharCost): string {
  let bytes = 0;
  let end = 0;
  while (end < text.length) {
    const codePoint = text.codePointAt(end) ?? 0;
    bytes += cost(codePoint);
    if (bytes > maxBytes) break;
    end += codePoint > 0xffff ? 2 : 1;
  }
  return end === text.length ? text : text.slice(0, end);
}

/** Returns the same characters as a separate string: a slice keeps the whole text alive, and spans wait in queues for export. */
export function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
