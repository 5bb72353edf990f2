/**
 * Returns the beginning of a text as a separate string. A plain slice keeps the whole text it was cut from in memory: spans waiting
 * for export, and remembered names, would hold megabytes for a few letters.
 */
export function clip(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : Buffer.from(text.slice(0, maxLength), 'utf16le').toString('utf16le');
}

/** Clips a text that people read: control characters, which can rewrite a terminal, become spaces. */
export function clipLine(text: string, maxLength: number): string {
  return clip(text, maxLength).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}
