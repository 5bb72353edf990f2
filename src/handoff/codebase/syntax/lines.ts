import type { CodeStructure } from '../types.js';
import { Numbers } from './numbers.js';

/** Ends of lines on any system. */
const LINE_END = /\r\n|\n|\r/gu;
const RATIO_DIGITS = 4;

/** Counts the lines; `comments` says by turns where a comment begins and where it ends, in order and apart from each other. */
export function countLines(text: string, comments = new Numbers()): CodeStructure {
  let codeLines = 0;
  let commentLines = 0;
  let blankLines = 0;
  let next = 0;
  for (const [start, end] of linesOf(text)) {
    while (next < comments.length && (comments.at(next + 1) ?? 0) <= start) next += 2;
    if (text.slice(start, end).trim() === '') blankLines += 1;
    else if (hasCode(text, start, end, comments, next)) codeLines += 1;
    else commentLines += 1;
  }
  const totalLines = codeLines + commentLines + blankLines;
  const commentRatio = totalLines === 0 ? 0 : Number((commentLines / totalLines).toFixed(RATIO_DIGITS));
  return { totalLines, codeLines, commentLines, blankLines, commentRatio };
}

/** A line end at the end of the text begins no further line. */
function* linesOf(text: string): Generator<readonly [start: number, end: number]> {
  let start = 0;
  for (const { index, 0: mark } of text.matchAll(LINE_END)) {
    yield [start, index];
    start = index + mark.length;
  }
  if (start < text.length) yield [start, text.length];
}

/** Whether anything is left of a line without its comments, of which `first` is the first that may touch it. */
function hasCode(text: string, start: number, end: number, comments: Numbers, first: number): boolean {
  let from = start;
  for (let index = first; index < comments.length; index += 2) {
    const begin = comments.at(index) ?? end;
    if (begin >= end) break;
    if (text.slice(from, Math.max(from, begin)).trim() !== '') return true;
    from = Math.max(from, comments.at(index + 1) ?? end);
  }
  return from < end && text.slice(from, end).trim() !== '';
}
