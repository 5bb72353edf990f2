import { ROWS_PER_DAY } from './healthySeries.js';
import type { Healthy } from './healthySeries.js';

/** Something that goes wrong. */
export interface Fault {
  readonly name: string;
  /** Whether it can befall the series. */
  befalls(series: Healthy): boolean;
  /**
   * The value with the fault.
   *
   * @param age rows since it began
   * @param later what the series would be six hours later
   */
  change(value: number, age: number, later: number): number;
}

const HOUR_ROWS = ROWS_PER_DAY / 24;
const always = (): boolean => true;
const during = (rows: number, changed: (value: number, age: number) => number) => (value: number, age: number) =>
  age < rows ? changed(value, age) : value;

/** How long after its beginning a fault may be found: none lasts longer. */
export const FAULT_ROWS = 2 * ROWS_PER_DAY;

export const faults: readonly Fault[] = [
  { name: 'latency shift: half as much again', befalls: ({ name }) => name.startsWith('latency'), change: (value) => 1.5 * value },
  {
    name: 'slow ramp: doubles in two days',
    befalls: ({ name }) => !name.startsWith('errors'),
    change: (value, age) => value * (1 + age / FAULT_ROWS),
  },
  {
    name: 'error burst: five more each row, for an hour',
    befalls: ({ name }) => name.startsWith('errors'),
    change: during(HOUR_ROWS, (value) => value + 5),
  },
  { name: 'silent drop to zero', befalls: ({ name }) => !name.startsWith('errors'), change: () => 0 },
  { name: 'missing data', befalls: always, change: () => Number.NaN },
  { name: 'changed seasonality: six hours early', befalls: ({ name }) => name.includes('daily'), change: (_value, _age, later) => later },
  {
    name: 'level shift with noise: a third more, every other row twice that',
    befalls: ({ name }) => !name.startsWith('errors'),
    change: (value, age) => value * (age % 2 === 0 ? 1.33 : 1.67),
  },
];
