/**
 * What the rows of one measure in one bucket come to. A count has only `n`; a size or a duration has all of it. `slots` is its histogram:
 * see `sketches/slots.ts`.
 */
export interface Measure {
  n: number;
  total?: number;
  low?: number;
  high?: number;
  slots?: Map<number, number>;
}

/** Measures by their names. */
export type Measures = Map<string, Measure>;

/** A measure as `analytics_aggregations` stores it: `sketch` has slots and their counts in turn. */
export interface StoredMeasure {
  readonly n: number;
  readonly total?: number;
  readonly low?: number;
  readonly high?: number;
  readonly sketch?: readonly number[];
}

export type StoredMeasures = Readonly<Record<string, StoredMeasure>>;

/** Adds one part of a measure to another. In any order the counts are the same, and the total but for the last digits of a fraction. */
export function addMeasure(into: Measures, name: string, part: Readonly<Measure>): void {
  const sum = into.get(name);
  if (sum === undefined) {
    into.set(name, { ...part, ...(part.slots === undefined ? {} : { slots: new Map(part.slots) }) });
    return;
  }
  sum.n += part.n;
  if (part.total !== undefined) sum.total = (sum.total ?? 0) + part.total;
  if (part.low !== undefined) sum.low = Math.min(sum.low ?? Infinity, part.low);
  if (part.high !== undefined) sum.high = Math.max(sum.high ?? -Infinity, part.high);
  if (part.slots === undefined) return;
  const slots = (sum.slots ??= new Map());
  for (const [slot, count] of part.slots) slots.set(slot, (slots.get(slot) ?? 0) + count);
}

/** Adds the measures of one bucket to those of another, in place. */
export function addMeasures(into: Measures, from: ReadonlyMap<string, Measure>): void {
  for (const [name, measure] of from) addMeasure(into, name, measure);
}

export function storedMeasures(measures: ReadonlyMap<string, Measure>): StoredMeasures {
  return Object.fromEntries(
    [...measures]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { slots, ...numbers }]) => [
        name,
        slots === undefined || slots.size === 0 ? numbers : { ...numbers, sketch: [...slots].sort(([a], [b]) => a - b).flat() },
      ]),
  );
}

export function readMeasures(stored: StoredMeasures): Measures {
  return new Map(
    Object.entries(stored).map(([name, { sketch, ...numbers }]) => [
      name,
      sketch === undefined ? numbers : { ...numbers, slots: readSlots(sketch) },
    ]),
  );
}

function readSlots(sketch: readonly number[]): Map<number, number> {
  const slots = new Map<number, number>();
  for (let at = 0; at + 1 < sketch.length; at += 2) slots.set(sketch[at] ?? 0, sketch[at + 1] ?? 0);
  return slots;
}
