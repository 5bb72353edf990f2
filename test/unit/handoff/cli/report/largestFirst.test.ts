import { expect, it } from 'vitest';
import { largestFirst } from '../../../../../src/handoff/cli/report/views/largestFirst.js';

it('names that are whole numbers are not before larger groups, and the rest is at the end', () => {
  const groups = { writer: 30, _OTHER: 99, 7: 2, reader: 40, 12: 35 };
  expect(largestFirst(groups, (count) => count).map(([name]) => name)).toEqual(['reader', '12', 'writer', '7', '_OTHER']);
});
