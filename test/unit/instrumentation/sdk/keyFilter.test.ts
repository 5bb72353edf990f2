import { describe, expect, it } from 'vitest';
import { keyFilter } from '../../../../src/instrumentation/sdk/keyFilter.js';

describe('patterns of keys', () => {
  it.each([
    [{}, 'a', true],
    [{ included: ['host.*'] }, 'host.id', true],
    [{ included: ['host.*'] }, 'hostxid', false],
    [{ included: ['host.?d'] }, 'host.id', true],
    [{ included: ['host.?d'] }, 'host.iid', false],
    [{ included: [] }, 'a', false],
    [{ included: ['*'], excluded: ['secret*'] }, 'secret.key', false],
    [{ excluded: ['a[b'] }, 'a[b', false],
    [{ excluded: ['**b'] }, 'ab', false],
    [{ included: ['a'] }, 'ab', false],
  ])('%j on %s', (patterns, key, kept) => {
    expect(keyFilter(patterns)(key)).toBe(kept);
  });
});
