import { withoutControls } from '../../../values/controlCharacters.js';

/**
 * Measures the columns a text takes in a terminal, and fits text into columns. Wide East Asian characters and emoji take two,
 * combining marks none. Not every terminal agrees on rare characters; the worst that happens is a misaligned column.
 * `string-width` would do the same, but it and its dependencies would come with every installation just for this output.
 */

const MARKS = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])$/u;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Returns the text as one line without control characters: line breaks and tabs become spaces, the rest becomes `�`. */
export function printable(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : withoutControls(text);
}

/** Returns the columns of a printable text without colour codes. */
export function widthOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** Truncates to at most `columns`, ending in `…` when something is missing. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns <= 0) return '';
  let kept = '';
  let used = 1; // The ellipsis.
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Truncates or pads with spaces to exactly `columns`. */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = fit(text, columns);
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(cut)));
  return align === 'left' ? cut + blanks : blanks + cut;
}

function columnsOf(character: string): number {
  if (MARKS.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
