import { addPacked, packSlots } from '../sketches/packed.js';
import { addMeasure } from './measure.js';
import type { Measure, Measures } from './measure.js';
import type { Group } from './tally.js';

/** What a row of `analytics_aggregations` has of one dimension in one bucket: by value, and then by measure. */
export interface StoredValues {
  readonly data: Readonly<Record<string, Readonly<Record<string, Omit<Measure, 'slots'>>>>>;
  /** Packed histograms, of the measures that have one. */
  readonly sketches: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
}

export function storedValues(groups: readonly Group[]): StoredValues {
  const data = groups.map(({ value, measures }) => {
    const figures = sorted(measures).map(([name, { slots: _, ...numbers }]) => [name, numbers] as const);
    return [value, Object.fromEntries(figures)] as const;
  });
  const sketches = groups.flatMap(({ value, measures }) => {
    const packed = sorted(measures).flatMap(([name, { slots }]) => (slots === undefined ? [] : [[name, packSlots(slots)] as const]));
    return packed.length === 0 ? [] : [[value, Object.fromEntries(packed)] as const];
  });
  return { data: Object.fromEntries(data), sketches: sketches.length === 0 ? null : Object.fromEntries(sketches) };
}

/**
 * Adds the values of a row to others.
 *
 * @param measuresOf where the measures of a value are added
 * @param isWanted of which measures histograms are added, if they were read
 */
export function addValues(
  { data, sketches }: StoredValues,
  measuresOf: (value: string) => Measures,
  isWanted: (measure: string) => boolean = () => true,
): void {
  for (const [value, figures] of Object.entries(data)) {
    const into = measuresOf(value);
    for (const [name, numbers] of Object.entries(figures)) addMeasure(into, name, numbers);
  }
  for (const [value, packed] of Object.entries(sketches ?? {})) {
    const into = measuresOf(value);
    for (const [name, sketch] of Object.entries(packed)) {
      const measure = into.get(name);
      if (measure !== undefined && isWanted(name)) addPacked((measure.slots ??= new Map<number, number>()), sketch);
    }
  }
}

function sorted(measures: Measures): [string, Measure][] {
  return [...measures].sort(([a], [b]) => (a < b ? -1 : 1));
}
