import { expect, it } from 'vitest';
import { syncLoadHooksAreSafe } from '../../../../src/instrumentation/loading/nodeVersions.js';

it.each([
  ['22.15.0', false],
  ['22.22.2', false],
  ['22.22.3', true],
  ['22.23.0', true],
  ['23.11.0', false],
  ['24.11.0', false],
  ['24.11.1', true],
  ['24.21.0', true],
  ['25.0.0', false],
  ['25.1.0', true],
  ['26.0.0', true],
  ['27.0.0-nightly20270101', true],
])('synchronous load hooks on Node %s: %s', (version, isSafe) => {
  expect(syncLoadHooksAreSafe(version)).toBe(isSafe);
});
