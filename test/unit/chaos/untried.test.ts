import { expect, it } from 'vitest';
import { untried } from '../../chaos/untried.js';

it('a chaos run that never tried something says what', () => {
  expect(untried({ troubles: { replicaKills: 1, databaseKills: 0 }, purged: 0, handoffs: { accepted: 3 } })).toEqual([
    expect.stringContaining('troubles databaseKills'),
    expect.stringContaining('purged'),
  ]);
});

it('a run that tried everything has nothing to say', () => {
  expect(untried({ troubles: { replicaKills: 1 }, purged: 2 })).toEqual([]);
});
