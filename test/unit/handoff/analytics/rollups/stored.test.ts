import { describe, expect, it } from 'vitest';
import type { Measures } from '../../../../../src/handoff/analytics/rollups/measure.js';
import { addValues, storedValues } from '../../../../../src/handoff/analytics/rollups/stored.js';
import type { StoredValues } from '../../../../../src/handoff/analytics/rollups/stored.js';
import type { Group } from '../../../../../src/handoff/analytics/rollups/tally.js';

const duration = {
  n: 3,
  total: 60,
  low: 10,
  high: 30,
  slots: new Map([
    [10, 1],
    [20, 1],
    [30, 1],
  ]),
};

function groups(...names: readonly string[]): Group[] {
  return names.map((value) => ({
    dimension: 'agent',
    value,
    measures: new Map([
      ['failures', { n: 1 }],
      ['duration_us', { ...duration }],
    ]),
  }));
}

/** As the database gives it back. */
function read(stored: StoredValues, isWanted?: (measure: string) => boolean): Map<string, Measures> {
  const sums = new Map<string, Measures>();
  const measuresOf = (value: string): Measures => sums.get(value) ?? sums.set(value, new Map()).get(value) ?? new Map();
  addValues(JSON.parse(JSON.stringify(stored)) as StoredValues, measuresOf, isWanted);
  return sums;
}

describe('the values of a dimension', () => {
  it('are read as they were stored, whatever they are called', () => {
    const stored = groups('', 'planner', '__proto__', 'constructor');
    expect(read(storedValues(stored))).toEqual(new Map(stored.map(({ value, measures }) => [value, measures])));
  });

  it('have histograms only of what was asked for', () => {
    const { slots: _, ...figures } = duration;
    expect(read(storedValues(groups('planner')), () => false)).toEqual(
      new Map([
        [
          'planner',
          new Map<string, object>([
            ['duration_us', figures],
            ['failures', { n: 1 }],
          ]),
        ],
      ]),
    );
  });

  it('have none stored where nothing has a value', () => {
    expect(storedValues([{ dimension: 'agent', value: 'planner', measures: new Map([['opened', { n: 1 }]]) }])).toEqual({
      data: { planner: { opened: { n: 1 } } },
      sketches: null,
    });
  });

  it('are added to what is there', () => {
    const stored = storedValues(groups('planner'));
    const sums = new Map<string, Measures>([['planner', new Map()]]);
    for (let time = 0; time < 2; time += 1) addValues(stored, (value) => sums.get(value) ?? new Map());
    expect(sums.get('planner')?.get('duration_us')).toEqual({
      n: 6,
      total: 120,
      low: 10,
      high: 30,
      slots: new Map([
        [10, 2],
        [20, 2],
        [30, 2],
      ]),
    });
  });
});
