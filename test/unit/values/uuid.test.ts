import { expect, it } from 'vitest';
import { isUuid } from '../../../src/values/uuid.js';

it.each([
  ['550e8400-e29b-41d4-a716-446655440000', true],
  ['550E8400-E29B-41D4-A716-446655440000', true],
  ['550e8400e29b41d4a716446655440000', false],
  ['{550e8400-e29b-41d4-a716-446655440000}', false],
  ['550e8400-e29b-41d4-a716-44665544000g', false],
  ['', false],
  [7, false],
])('%j: %s', (value, expected) => {
  expect(isUuid(value)).toBe(expected);
});
