import { expect, it } from 'vitest';
import { fraction } from '../../../src/variables/kinds.js';

it.each([
  ['0', 0],
  ['1', 1],
  ['0.5', 0.5],
  ['.25', 0.25],
  ['1.0', 1],
])('%s is a number from 0 to 1', (text, value) => {
  expect(fraction.parse(text, () => undefined)).toBe(value);
});

it.each(['1.1', '-0.5', '2', '50%', '1e-1', '.', '0,5', 'NaN', ''])('%s is not', (text) => {
  let refused = 0;
  expect(
    fraction.parse(text, () => {
      refused += 1;
      return undefined;
    }),
  ).toBeUndefined();
  expect(refused).toBe(1);
});
