import { expect, it, vi } from 'vitest';
import { choices, folders, hostNames, quoted, text, urls, wholeNumber, wordsByName } from '../../../src/variables/kinds.js';

const refuse = (): undefined => undefined;

it('values at their limits are taken, and what only looks like one is not', () => {
  const number = wholeNumber(0, Number.MAX_SAFE_INTEGER);
  expect(['007', `${'0'.repeat(15)}7`, '1e3', '1.0'].map((given) => number.parse(given, refuse))).toEqual([
    7,
    undefined,
    undefined,
    undefined,
  ]);
  expect([text(3).parse('abc', refuse), text(3).parse('abcd', refuse)]).toEqual(['abc', undefined]);
  expect([urls('http').parse(' , ', refuse), hostNames.parse('A.example', refuse)]).toEqual([undefined, ['a.example']]);
  expect(folders.parse('/a::/b:', refuse)).toEqual(['/a', '/b']);
});

it('words are known in any case, and an item of another form is shown in what refuses it, shortened', () => {
  const told = vi.fn(refuse);
  const words = wordsByName(['warn', 'info']);
  expect(words.parse('a=WARN,b=info=x,c', told)).toEqual({ a: 'warn', b: 'info' });
  expect(told.mock.calls).toEqual([[expect.objectContaining({ given: '"c"' })]]);
  expect(choices('a', 'b').parse('A, b', refuse)).toEqual(['a', 'b']);
  expect(quoted('x'.repeat(100))).toBe(`"${'x'.repeat(80)}…"`);
});
