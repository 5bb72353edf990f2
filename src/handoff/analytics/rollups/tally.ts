import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import { addMeasure, addMeasures } from './measure.js';
import type { Measure, Measures } from './measure.js';
import { floorTo } from './granularity.js';
import type { Granularity } from './granularity.js';

/** What the rows of one source with the same labels come to in one minute. */
export interface SourceRow {
  readonly atMs: number;
  readonly measure: string;
  /** Dimensions and their values. */
  readonly labels: Readonly<Record<string, string>>;
  readonly part: Readonly<Measure>;
}

/** The measures of one bucket, by dimension and value; all together stand under the dimension ''. */
export class Tally {
  readonly #groups = new Map<string, Group>();

  get groups(): Iterable<Group> {
    return this.#groups.values();
  }

  add(row: SourceRow, hasTotal: boolean): void {
    if (hasTotal) this.#addOne('', '', row);
    for (const [dimension, value] of Object.entries(row.labels)) this.#addOne(dimension, value, row);
  }

  /** The measures of one value, to add others to. */
  measuresOf(dimension: string, value: string): Measures {
    return this.#group(dimension, value).measures;
  }

  addAll(other: Tally): void {
    for (const { dimension, value, measures } of other.groups) addMeasures(this.measuresOf(dimension, value), measures);
  }

  /**
   * Returns the groups to store: of each dimension the values with the largest counts, and the rest together as `_OTHER`.
   *
   * @param limit values of each dimension, besides `_OTHER`
   */
  bounded(limit: number): readonly Group[] {
    const byDimension = Map.groupBy(this.#groups.values(), ({ dimension }) => dimension);
    return [...byDimension].flatMap(([dimension, groups]) => {
      const named = groups.filter(({ value }) => value !== VALUE_OTHER).sort(byCount);
      const rest = [...named.slice(limit), ...groups.filter(({ value }) => value === VALUE_OTHER)];
      if (rest.length === 0) return named;
      const other: Group = { dimension, value: VALUE_OTHER, measures: new Map() };
      for (const { measures } of rest) addMeasures(other.measures, measures);
      return [...named.slice(0, limit), other];
    });
  }

  #addOne(dimension: string, value: string, { measure, part }: SourceRow): void {
    addMeasure(this.measuresOf(dimension, value), measure, part);
  }

  #group(dimension: string, value: string): Group {
    const key = `${dimension}\0${value}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const made: Group = { dimension, value, measures: new Map() };
    this.#groups.set(key, made);
    return made;
  }
}

export interface Group {
  readonly dimension: string;
  readonly value: string;
  readonly measures: Measures;
}

/** Tallies by the start of their bucket, in milliseconds since the epoch. */
export type Tallies = Map<number, Tally>;

export function tallyAt(tallies: Tallies, bucketMs: number): Tally {
  const known = tallies.get(bucketMs);
  if (known !== undefined) return known;
  const made = new Tally();
  tallies.set(bucketMs, made);
  return made;
}

/** Adds rows up by minutes. */
export function minutesOf(rows: readonly SourceRow[], hasTotal: boolean): Tallies {
  const minutes: Tallies = new Map();
  for (const row of rows) tallyAt(minutes, floorTo('minute', row.atMs)).add(row, hasTotal);
  return minutes;
}

/** Adds buckets up to larger ones. */
export function regrouped(tallies: Tallies, granularity: Granularity): Tallies {
  const larger: Tallies = new Map();
  for (const [bucketMs, tally] of tallies) tallyAt(larger, floorTo(granularity, bucketMs)).addAll(tally);
  return larger;
}

function byCount(a: Group, b: Group): number {
  return countOf(b) - countOf(a) || (a.value < b.value ? -1 : 1);
}

function countOf({ measures }: Group): number {
  let count = 0;
  for (const { n } of measures.values()) count += n;
  return count;
}
