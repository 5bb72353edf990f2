import { expect, it } from 'vitest';
import { quietly } from '../../../src/errors/quietly.js';

it('answers what was asked for, and undefined when that fails', () => {
  expect(quietly(() => 42)).toBe(42);
  expect(
    quietly(() => {
      throw new Error('broken');
    }),
  ).toBeUndefined();
});
