import { expect, it } from 'vitest';
import { unmetRequirement } from '../../../../src/instrumentation/loading/supportedNode.js';

it.each(['22.15.0', '22.23.3', '23.7.0', '23.11.1', '24.0.0', '26.10.0', '100.0.0', '24.0.0-nightly20260101'])(
  'runs on Node %s',
  (version) => {
    expect(unmetRequirement(version)).toBeUndefined();
  },
);

it.each([
  ['18.20.8', 'needs Node 22.15 or newer; this is 18.20'],
  ['20.20.2', 'needs Node 22.15 or newer; this is 20.20'],
  ['22.14.9', 'needs Node 22.15 or newer; this is 22.14'],
  ['23.6.1', 'needs Node 22.15 or newer, and of Node 23 at least 23.7; this is 23.6'],
])('says what keeps it from running on Node %s', (version, requirement) => {
  expect(unmetRequirement(version)).toBe(requirement);
});
