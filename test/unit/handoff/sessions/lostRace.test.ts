import { expect, it } from 'vitest';
import { isLostRace } from '../../../../src/handoff/sessions/lostRace.js';

it.each([
  ['23505', true],
  ['40P01', true],
  ['40001', true],
  ['23503', false],
  ['57014', false],
])('code %s is a lost race: %s', (code, expected) => {
  expect(isLostRace(Object.assign(new Error('x'), { code }))).toBe(expected);
});

it('anything else is none', () => {
  for (const thrown of [new Error('23505'), undefined, '40P01']) expect(isLostRace(thrown)).toBe(false);
});
