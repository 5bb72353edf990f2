import { assert, array, boolean, constantFrom, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { Numbers } from '../../../../../src/handoff/codebase/syntax/numbers.js';
import { countLines } from '../../../../../src/handoff/codebase/syntax/lines.js';

/** Takes `«…»` for comments. */
function count(marked: string): ReturnType<typeof countLines> {
  const comments = new Numbers();
  let text = '';
  for (const part of marked.split(/([«»])/u)) {
    if (part === '«' || part === '»') comments.push(text.length);
    else text += part;
  }
  return countLines(text, comments);
}

it.each([
  ['', [0, 0, 0, 0, 0]],
  ['a', [1, 1, 0, 0, 0]],
  ['a\n', [1, 1, 0, 0, 0]],
  ['a\n\n', [2, 1, 0, 1, 0]],
  ['«c»\na «c»\n «c» b\n  «c» \t«c»\n', [4, 2, 2, 0, 0.5]],
  ['«c\n\nc»\na', [4, 1, 2, 1, 0.5]],
  ['«c\nc» a\r\nb\rc', [4, 3, 1, 0, 0.25]],
  ['«c»\n«c»\n«c»\n \n', [4, 0, 3, 1, 0.75]],
])('%j', (marked, [totalLines, codeLines, commentLines, blankLines, commentRatio]) => {
  expect(count(marked)).toEqual({ totalLines, codeLines, commentLines, blankLines, commentRatio });
});

it('counts lines by themselves where nothing is known of comments', () => {
  expect(countLines('# a\n\nb')).toMatchObject({ totalLines: 3, codeLines: 2, commentLines: 0, blankLines: 1 });
});

it('counts each line once, whatever is in it', () => {
  const pieces = tuple(boolean(), array(constantFrom('x', ' ', '\n', '\r\n', '\t', '"'), { maxLength: 6 }));
  assert(
    property(array(pieces), (parts) => {
      const marked = parts.map(([isComment, text]) => (isComment ? `«${text.join('')}»` : text.join(''))).join('');
      const text = marked.replaceAll(/[«»]/gu, '');
      const { totalLines, codeLines, commentLines, blankLines } = count(marked);
      const lines = text.split(/\r\n|\n|\r/u);
      if (lines.at(-1) === '') lines.pop();
      expect(totalLines).toBe(lines.length);
      expect(codeLines + commentLines + blankLines).toBe(totalLines);
      expect(blankLines).toBe(lines.filter((line) => line.trim() === '').length);
    }),
  );
});
