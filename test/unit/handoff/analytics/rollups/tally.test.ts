import { expect, it } from 'vitest';
import { Tally } from '../../../../../src/handoff/analytics/rollups/tally.js';

const counts = (tally: Tally, limit: number): readonly unknown[] =>
  tally.bounded(limit).map(({ dimension, value, measures }) => [dimension, value, measures.get('calls')?.n]);

it('keeps the values with the largest counts, and all others together with those that were so before', () => {
  const tally = new Tally();
  const add = (agent: string, n: number): void => tally.add({ atMs: 0, measure: 'calls', labels: { agent }, part: { n } }, true);
  for (const [agent, n] of Object.entries({ a: 5, b: 1, c: 3, _OTHER: 7 })) add(agent, n);
  expect(counts(tally, 2)).toEqual([
    ['', '', 16],
    ['agent', 'a', 5],
    ['agent', 'c', 3],
    ['agent', '_OTHER', 8],
  ]);
  expect(counts(tally, 3)).toEqual([
    ['', '', 16],
    ['agent', 'a', 5],
    ['agent', 'c', 3],
    ['agent', 'b', 1],
    ['agent', '_OTHER', 7],
  ]);
});
