import { expect, it } from 'vitest';
import { formatDuration } from '../../../../../src/handoff/cli/render/duration.js';
import { fit, pad, printable, widthOf } from '../../../../../src/handoff/cli/render/width.js';

it.each([
  [0, '0 ms'],
  [0.0004, '<1 µs'],
  [0.87, '870 µs'],
  [0.9994, '999 µs'],
  [0.9996, '1.00 ms'],
  [4.211, '4.21 ms'],
  [9.996, '10.0 ms'],
  [99.96, '100 ms'],
  [999.6, '1.00 s'],
  [12_345, '12.3 s'],
  [600_000, '10 min'],
  [-1.5, '-1.50 ms'],
  [Number.NaN, '–'],
])('%d ms reads %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

it.each([
  ['plain', 5],
  ['━╸▸', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['🎉', 2],
  ['', 0],
])('%s takes %i columns', (text, columns) => {
  expect(widthOf(text)).toBe(columns);
});

it.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 4, 'abc…'],
  ['日本語', 4, '日…'],
  ['abc', 1, '…'],
  ['abc', 0, ''],
])('%s fits %i columns as %s', (text, columns, cut) => {
  expect(fit(text, columns)).toBe(cut);
  expect(widthOf(pad(text, columns))).toBe(columns);
});

it('text becomes one harmless line', () => {
  expect(printable('a\r\nb\tc\u0000\u009b\u2028\u2066é')).toBe('a b c����é');
});
