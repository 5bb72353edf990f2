import { expect, it } from 'vitest';
import { isLoopback } from '../../../src/values/loopback.js';

it.each([
  ['127.0.0.1', true],
  ['127.8.0.1', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.127', false],
])('%s: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
