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
