import { expect, it } from 'vitest';
import { satisfies } from '../../../../src/instrumentation/libraries/versions.js';

it.each([
  ['8.23.1', '>=8.0.3 <9', true],
  ['8.0.2', '>=8.0.3 <9', false],
  ['9.0.0', '>=8.0.3 <9', false],
  ['5.10.1', '>=2.0.0 <5.11.0', true],
  ['5.11.0', '>=2.0.0 <5.11.0', false],
  ['5.11.0-rc.1', '>=5.11.0', true],
  ['6.0.0', '>=5.11.0', true],
  ['1.2.3', '*', true],
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '<=1.2.3', false],
  ['1.2.4', '>1.2.3', true],
  ['1.2', '>=1', false],
  ['1.2.3', '^1.0.0', false],
])('%s in %s: %s', (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected);
});
