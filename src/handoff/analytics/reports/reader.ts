import type { ReportName, RollupKind } from '../../../telemetry/catalogue/analytics.js';
import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import type { Queryable } from '../../storage/database.js';
import { coverOf } from '../ranges/segments.js';
import type { Cover } from '../ranges/segments.js';
import { checkedRange } from '../ranges/timeRange.js';
import { TimeZone } from '../ranges/timeZone.js';
import type { LocalTime, TimeUnit } from '../ranges/timeZone.js';
import { addMeasures } from '../rollups/measure.js';
import type { Measures } from '../rollups/measure.js';
import type { Granularity } from '../rollups/granularity.js';
import { readWatermarks } from '../rollups/sql/watermarks.js';
import type { WatermarkState } from '../rollups/sql/watermarks.js';
import type { Coverage } from './coverage.js';
import { coverageOf } from './coverage.js';
import { checkedOptions } from './options.js';
import type { ReportQuery } from './options.js';
import { readBucketsOf, summed } from './query.js';

const NOTHING: Measures = new Map();
const NOTHING_BY_NAME: ReadonlyMap<string, Measures> = new Map();

/** One part of a series. */
export interface Point {
  /** Its start. The first may begin before the range, and the last end after it: they have what is in the range. */
  readonly timestamp: Date;
  readonly local: LocalTime;
  /** Whether all of it is in the range and in the buckets: parts at the ends have less, which is no trend. */
  readonly isWhole: boolean;
  readonly measures: Measures;
}

export type GroupedPoint = Omit<Point, 'measures'> & { readonly values: ReadonlyMap<string, Measures> };

/** Reads what one report needs, in one range. */
export class ReportReader {
  readonly #q: Queryable;
  readonly #report: ReportName;
  readonly #watermarks: ReadonlyMap<string, WatermarkState>;
  readonly #nowMs: number;
  readonly #zone: TimeZone;
  readonly query: Required<Pick<ReportQuery, 'start' | 'end' | 'timeZone' | 'granularity' | 'maxGroups'>> & Pick<ReportQuery, 'groupBy'>;

  constructor(q: Queryable, report: ReportName, query: ReportQuery, watermarks: readonly WatermarkState[], nowMs: number) {
    const range = checkedRange(query, nowMs);
    this.query = { ...range, ...checkedOptions(report, query), ...(query.groupBy === undefined ? {} : { groupBy: query.groupBy }) };
    this.#q = q;
    this.#report = report;
    this.#watermarks = new Map(watermarks.map((state) => [state.kind, state]));
    this.#nowMs = nowMs;
    this.#zone = new TimeZone(range.timeZone);
  }

  static async open(q: Queryable, report: ReportName, query: ReportQuery, nowMs: number): Promise<ReportReader> {
    return new ReportReader(q, report, query, await q.query<WatermarkState>(readWatermarks), nowMs);
  }

  /** Everything of a kind together. */
  async total(kind: RollupKind): Promise<Measures> {
    return summed(await readBucketsOf(this.#q, kind, '', this.#cover(kind).segments), () => '').get('') ?? NOTHING;
  }

  /** The values of a dimension with most rows first, as many as asked for, and the rest as `_OTHER`. */
  async groups(kind: RollupKind, dimension: string, maxGroups = this.query.maxGroups): Promise<ReadonlyMap<string, Measures>> {
    const [groups = NOTHING_BY_NAME] = await this.groupsOf([kind], dimension, maxGroups);
    return groups;
  }

  /** The same of several kinds, which then name the same values: those with most rows in all of them together. */
  async groupsOf(
    kinds: readonly RollupKind[],
    dimension: string,
    maxGroups = this.query.maxGroups,
  ): Promise<readonly ReadonlyMap<string, Measures>[]> {
    const sums: Map<string, Measures>[] = [];
    for (const kind of kinds)
      sums.push(summed(await readBucketsOf(this.#q, kind, dimension, this.#cover(kind).segments), ({ value }) => value));
    return topOf(sums, maxGroups);
  }

  /** The range in parts of local time, of one value. Parts of which nothing is known are left out; those in which nothing was are there. */
  async series(kind: RollupKind, dimension = '', value = ''): Promise<readonly Point[]> {
    return (await this.seriesBy(kind, dimension)).map(({ values, ...point }) => ({ ...point, measures: values.get(value) ?? NOTHING }));
  }

  /** The same of all values of a dimension. */
  async seriesBy(kind: RollupKind, dimension: string): Promise<readonly GroupedPoint[]> {
    const { granularity, start, end } = this.query;
    const cover = this.#cover(kind, this.#partSize());
    const buckets = await readBucketsOf(this.#q, kind, dimension, cover.segments);
    const parts = Map.groupBy(buckets, ({ atMs }) => this.#zone.startOf(granularity, atMs));
    const points: GroupedPoint[] = [];
    for (let atMs = cover.fromMs; atMs < cover.toMs; atMs = this.#zone.endOf(granularity, atMs)) {
      const startMs = this.#zone.startOf(granularity, atMs);
      const endMs = this.#zone.endOf(granularity, atMs);
      points.push({
        timestamp: new Date(startMs),
        local: this.#zone.localTime(startMs),
        isWhole: startMs >= start.getTime() && endMs <= Math.min(end.getTime(), cover.toMs),
        values: summed(parts.get(startMs) ?? [], ({ value }) => value),
      });
    }
    return points;
  }

  /** The same reader for the last days of the range, by hours or days; for trends. */
  lastDays(days: number, granularity: TimeUnit): ReportReader {
    const startMs = Math.max(this.query.start.getTime(), this.query.end.getTime() - days * DAY_MS);
    return this.#with({ ...this.query, start: new Date(startMs), granularity });
  }

  /** The same reader for the range of the same length before. */
  periodBefore(): ReportReader {
    const { start, end } = this.query;
    return this.#with({ ...this.query, start: new Date(2 * start.getTime() - end.getTime()), end: start });
  }

  coverage(...kinds: readonly RollupKind[]): Coverage {
    return coverageOf(
      this.query,
      kinds.map((kind) => ({ cover: this.#cover(kind), state: this.#watermarks.get(kind) })),
    );
  }

  #with(query: ReportQuery): ReportReader {
    return new ReportReader(this.#q, this.#report, query, [...this.#watermarks.values()], this.#nowMs);
  }

  #cover(kind: RollupKind, largest: Granularity = 'month'): Cover {
    const watermarkMs = this.#watermarks.get(kind)?.rolled_up_to.getTime() ?? -Infinity;
    if (watermarkMs === -Infinity) return { segments: [], fromMs: this.query.start.getTime(), toMs: this.query.start.getTime() };
    return coverOf(this.query.start.getTime(), this.query.end.getTime(), { watermarkMs, nowMs: this.#nowMs, largest });
  }

  /** The largest buckets that no part of local time divides. Zones that are off UTC by half hours need minutes. */
  #partSize(): Granularity {
    const { granularity, timeZone, start } = this.query;
    if (timeZone === 'UTC') return granularity === 'hour' ? 'hour' : granularity === 'month' ? 'month' : 'day';
    return this.#zone.localTime(start.getTime() - (start.getTime() % HOUR_MS)).minute === 0 ? 'hour' : 'minute';
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function topOf(sums: readonly ReadonlyMap<string, Measures>[], maxGroups: number): readonly ReadonlyMap<string, Measures>[] {
  const rows = new Map<string, number>();
  for (const [value, measures] of sums.flatMap((byValue) => [...byValue])) rows.set(value, (rows.get(value) ?? 0) + rowsOf(measures));
  rows.delete(VALUE_OTHER);
  const top = [...rows]
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .slice(0, maxGroups)
    .map(([value]) => value);
  return sums.map((byValue) => withOther(byValue, top));
}

/** The named values in their order, and the rest together. */
function withOther(sums: ReadonlyMap<string, Measures>, names: readonly string[]): ReadonlyMap<string, Measures> {
  const named = new Map(names.flatMap((name) => (sums.has(name) ? [[name, sums.get(name) ?? NOTHING] as const] : [])));
  const rest = [...sums].filter(([value, { size }]) => !named.has(value) && size > 0);
  if (rest.length === 0) return named;
  const other: Measures = new Map();
  for (const [, measures] of rest) addMeasures(other, measures);
  return named.set(VALUE_OTHER, other);
}

function rowsOf(measures: Measures): number {
  let rows = 0;
  for (const { n } of measures.values()) rows += n;
  return rows;
}
