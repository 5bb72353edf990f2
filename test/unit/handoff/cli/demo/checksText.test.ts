import { expect, it } from 'vitest';
import { checksText, checksTitle } from '../../../../../src/handoff/cli/demo/checksText.js';

const kept = { label: 'kept', faults: [] };
const broken = { label: 'broken', faults: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] };

it('says that everything has arrived only where it has', () => {
  expect(checksTitle([kept, kept])).toBe('What should have arrived, and did');
  expect(checksTitle([kept, broken])).toBe('What should have arrived: 1 of 2 checks failed');
});

it('shows what is wrong, and not more of it than helps', () => {
  expect(checksText([kept, broken]).split('\n')).toEqual([
    '  ✓ kept',
    '  ✗ broken',
    ...['a', 'b', 'c', 'd', 'e', 'and 2 more'].map((line) => `      ${line}`),
  ]);
});
