import type { ReportName, RollupKind } from '../../../telemetry/catalogue/analytics.js';
import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import type { Queryable } from '../../storage/database.js';
import { partAt, partsOf } from '../ranges/parts.js';
import { coverOf, fewest } from '../ranges/segments.js';
import type { Cover } from '../ranges/segments.js';
import { checkedRange } from '../ranges/timeRange.js';
import { TimeZone } from '../ranges/timeZone.js';
import type { LocalTime, TimeUnit } from '../ranges/timeZone.js';
import { smallestKept } from '../rollups/keep.js';
import { addMeasures } from '../rollups/measure.js';
import type { Measures } from '../rollups/measure.js';
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

/** What a report asks, with its defaults. */
type CheckedQuery = Required<Pick<ReportQuery, 'start' | 'end' | 'timeZone' | 'granularity' | 'maxGroups'>> & Pick<ReportQuery, 'groupBy'>;

interface ReaderDependencies {
  readonly q: Queryable;
  readonly watermarks: ReadonlyMap<string, WatermarkState>;
  readonly nowMs: number;
  readonly zone: TimeZone;
}

/** Reads what one report needs, in one range. */
export class ReportReader {
  readonly #deps: ReaderDependencies;
  readonly query: CheckedQuery;

  private constructor(deps: ReaderDependencies, query: CheckedQuery) {
    this.#deps = deps;
    this.query = query;
  }

  /** @throws TimeRangeError */
  static async open(q: Queryable, report: ReportName, query: ReportQuery, nowMs: number): Promise<ReportReader> {
    const range = checkedRange(query, nowMs);
    const checked = { ...range, ...checkedOptions(report, query), ...(query.groupBy === undefined ? {} : { groupBy: query.groupBy }) };
    const watermarks = new Map((await q.query<WatermarkState>(readWatermarks)).map((state) => [state.kind, state]));
    return new ReportReader({ q, watermarks, nowMs, zone: new TimeZone(range.timeZone) }, checked);
  }

  /**
   * Everything of a kind together.
   *
   * @param histogramOf the measure of which percentiles are asked for
   */
  async total(kind: RollupKind, histogramOf?: string): Promise<Measures> {
    return (await this.#sums(kind, '', histogramOf)).get('') ?? NOTHING;
  }

  /** The values of a dimension with most rows first, as many as asked for, and the rest as `_OTHER`. */
  async groups(
    kind: RollupKind,
    dimension: string,
    { maxGroups = this.query.maxGroups, histogramOf }: { readonly maxGroups?: number; readonly histogramOf?: string } = {},
  ): Promise<ReadonlyMap<string, Measures>> {
    const [groups = NOTHING_BY_NAME] = topOf([await this.#sums(kind, dimension, histogramOf)], maxGroups);
    return groups;
  }

  /** The same of several kinds, which then name the same values: those with most rows in all of them together. */
  async groupsOf(kinds: readonly RollupKind[], dimension: string): Promise<readonly ReadonlyMap<string, Measures>[]> {
    const sums: ReadonlyMap<string, Measures>[] = [];
    for (const kind of kinds) sums.push(await this.#sums(kind, dimension));
    return topOf(sums, this.query.maxGroups);
  }

  /** The range in parts of local time, of one value. Parts of which nothing is known are left out; those in which nothing was are there. */
  async series(kind: RollupKind, dimension = '', value = ''): Promise<readonly Point[]> {
    return (await this.seriesBy(kind, dimension)).map(({ values, ...point }) => ({ ...point, measures: values.get(value) ?? NOTHING }));
  }

  /** The same of all values of a dimension. */
  async seriesBy(kind: RollupKind, dimension: string, histogramOf?: string): Promise<readonly GroupedPoint[]> {
    const { granularity, start, end } = this.query;
    const cover = this.#cover(kind);
    const parts = partsOf(this.#deps.zone, granularity, cover, this.#deps.nowMs);
    const buckets = await readBucketsOf(this.#deps.q, { kind, dimension, segments: fewest(parts), histogramOf });
    const byPart = Map.groupBy(buckets, ({ at }) => partAt(parts, at.getTime()));
    return parts.map((part) => ({
      timestamp: new Date(part.startMs),
      local: this.#deps.zone.localTime(part.startMs),
      isWhole: part.startMs >= start.getTime() && part.endMs <= Math.min(end.getTime(), cover.toMs),
      values: summed(byPart.get(part) ?? [], histogramOf),
    }));
  }

  /** The values of a dimension in the last buckets of the range, of the smallest size that is kept of its end, in their order. */
  async lastBuckets(kind: RollupKind, dimension: string, spanMs: number): Promise<readonly ReadonlyMap<string, Measures>[]> {
    const { fromMs, toMs } = this.#cover(kind);
    const granularity = smallestKept(toMs - 1, this.#deps.nowMs);
    const segments = [{ granularity, fromMs: Math.max(fromMs, toMs - spanMs), toMs }];
    const buckets = await readBucketsOf(this.#deps.q, { kind, dimension, segments });
    return buckets.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map((bucket) => summed([bucket]));
  }

  /** The same reader for the last days of the range, by hours or days; for trends. */
  lastDays(days: number, granularity: TimeUnit): ReportReader {
    const startMs = Math.max(this.query.start.getTime(), this.query.end.getTime() - days * DAY_MS);
    return new ReportReader(this.#deps, { ...this.query, start: new Date(startMs), granularity });
  }

  /**
   * The total of as long a time before the range as is counted of it: of the last minutes, and where rollups are behind, nothing is
   * known. `undefined` where nothing is counted of the range.
   */
  async totalBefore(kind: RollupKind): Promise<Measures | undefined> {
    const { fromMs, toMs } = this.#cover(kind);
    if (toMs <= fromMs) return undefined;
    const before = { ...this.query, start: new Date(2 * fromMs - toMs), end: new Date(fromMs) };
    return new ReportReader(this.#deps, before).total(kind);
  }

  coverage(...kinds: readonly RollupKind[]): Coverage {
    return coverageOf(
      this.query,
      kinds.map((kind) => ({ cover: this.#cover(kind), state: this.#deps.watermarks.get(kind) })),
    );
  }

  async #sums(kind: RollupKind, dimension: string, histogramOf?: string): Promise<ReadonlyMap<string, Measures>> {
    const { segments } = this.#cover(kind);
    return summed(await readBucketsOf(this.#deps.q, { kind, dimension, segments, histogramOf }), histogramOf);
  }

  #cover(kind: RollupKind): Cover {
    const watermarkMs = this.#deps.watermarks.get(kind)?.rolled_up_to.getTime() ?? -Infinity;
    if (watermarkMs === -Infinity) return { segments: [], fromMs: this.query.start.getTime(), toMs: this.query.start.getTime() };
    return coverOf(this.query.start.getTime(), this.query.end.getTime(), { watermarkMs, nowMs: this.#deps.nowMs });
  }
}

const DAY_MS = 86_400_000;

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
