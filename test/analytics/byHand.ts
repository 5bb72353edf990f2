import type { PeriodComparison } from '../../src/handoff/analytics/trends/trend.js';
import type { Coverage } from '../../src/handoff/analytics/reports/coverage.js';
import type { FigureTrend } from '../../src/handoff/analytics/reports/types.js';
import type { TimeUnit } from '../../src/handoff/analytics/ranges/timeZone.js';
import { seasonsByHand, trendByHand } from './bruteTrend.js';
import { close } from './close.js';
import { NONE } from './sums.js';
import type { Counted, Part, Sum, Sums } from './sums.js';

/** What all reports have in common, from sums by plain SQL. */

const TREND_DAYS = 30;
const DAY_MS = 86_400_000;
const EMPTY: Sums = new Map();

export const sumOf = (sums: Sums | undefined, measure: string): Sum => sums?.get(measure) ?? NONE;
export const countOf = (sums: Sums | undefined, measure: string): number => sumOf(sums, measure).n;

export function meanOf({ n, total }: Sum, factor = 1): number | null {
  return total === null || n === 0 ? null : close((total / n) * factor);
}

export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : close((100 * part) / whole);
}

export async function everything(counted: Counted, ...kinds: readonly string[]): Promise<Sums> {
  return (await counted.sums(kinds)).get('')?.get('') ?? EMPTY;
}

/** The values with most rows, and the others together, without their percentiles. */
export async function groupsOf(
  counted: Counted,
  kinds: readonly string[],
  by: string,
  limit = counted.query.maxGroups ?? 20,
): Promise<Map<string, Sums>> {
  const all = [...(await counted.sums(kinds, { by }))].map(([value, parts]) => [value, parts.get('') ?? EMPTY] as const);
  const rows = (sums: Sums): number => [...sums.values()].reduce((total, { n }) => total + n, 0);
  all.sort(([a, left], [b, right]) => rows(right) - rows(left) || (a < b ? -1 : 1));
  const groups = new Map(all.slice(0, limit));
  const rest = all.slice(limit).map(([, sums]) => sums);
  if (rest.length > 0) groups.set('_OTHER', together(rest));
  return groups;
}

export function together(all: readonly Sums[]): Sums {
  const measures = new Set(all.flatMap((sums) => [...sums.keys()]));
  return new Map(
    [...measures].map((measure) => {
      const sums = all.map((each) => sumOf(each, measure)).filter(({ n }) => n > 0);
      const totals = sums.flatMap(({ total }) => (total === null ? [] : [total]));
      const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
      return [measure, { ...NONE, n: sum(sums.map(({ n }) => n)), total: totals.length === 0 ? null : sum(totals) }];
    }),
  );
}

/** The parts of a series with their sums, by value of a dimension. */
export async function series(
  counted: Counted,
  kind: string,
  { by, unit = unitOf(counted) }: { readonly by?: string; readonly unit?: TimeUnit } = {},
): Promise<readonly (Part & { readonly values: ReadonlyMap<string, Sums> })[]> {
  const sums = await counted.sums([kind], { ...(by === undefined ? {} : { by }), unit });
  return (await counted.parts(kind, unit)).map((part) => {
    const key = String(part.start.getTime());
    return { ...part, values: new Map([...sums].flatMap(([value, parts]) => (parts.has(key) ? [[value, parts.get(key) ?? EMPTY]] : []))) };
  });
}

/** The largest unit that makes 24 parts or more. */
function unitOf({ query: { start, end, granularity } }: Counted): TimeUnit {
  const hours = (end.getTime() - start.getTime()) / 3_600_000;
  return granularity ?? (hours >= 24 * 730 ? 'month' : hours >= 24 * 168 ? 'week' : hours >= 24 * 24 ? 'day' : 'hour');
}

export async function coverageOf(counted: Counted, ...kinds: readonly string[]): Promise<Coverage> {
  const { start, end, watermark } = await counted.answered(...kinds);
  const { query } = counted;
  const known = Math.min(query.end.getTime(), watermark.getTime()) - query.start.getTime();
  return { aggregatedPercent: close((100 * known) / (query.end.getTime() - query.start.getTime())), watermark, start, end, lateRows: 0 };
}

/** As long a time as is counted, before it. */
export async function previous(counted: Counted, kind: string): Promise<{ start: Date; end: Date }> {
  const { start, end } = await counted.answered(kind);
  return { start: new Date(2 * start.getTime() - end.getTime()), end: start };
}

/** @param leastBase of what is compared: percentages of less are not given */
export function comparison(current: number | null, before: number | null, leastBase = 0): PeriodComparison {
  const hasBase = before !== null && before !== 0 && before >= leastBase;
  const change = current === null || !hasBase ? null : close((100 * (current - before)) / before);
  return { current: current === null ? null : close(current), previous: before === null ? null : close(before), changePercent: change };
}

/** The last days of the range, as far as trends look back. */
export function lastDays(counted: Counted, days: number): Counted {
  const { start, end } = counted.query;
  return counted.over(new Date(Math.max(start.getTime(), end.getTime() - days * DAY_MS)), end);
}

export type WholePart = Awaited<ReturnType<typeof series>>[number];

/** The parts of the last days that are in the range as a whole, by days where these are eight or more. */
export async function wholeParts(
  counted: Counted,
  kind: string,
  { by, unit }: { readonly by?: string; readonly unit?: TimeUnit } = {},
): Promise<readonly WholePart[]> {
  const recent = lastDays(counted, TREND_DAYS);
  const { start, end } = recent.query;
  const { end: known } = await recent.answered(kind);
  const isLong = end.getTime() - start.getTime() >= 8 * DAY_MS;
  const parts = await series(recent, kind, { ...(by === undefined ? {} : { by }), unit: unit ?? (isLong ? 'day' : 'hour') });
  return parts.filter((part) => part.start >= start && part.end <= end && part.end <= known);
}

export function timed(parts: readonly WholePart[], figure: (part: WholePart) => number | null): { at: number; value: number }[] {
  return parts.flatMap((part) => {
    const value = figure(part);
    return value === null ? [] : [{ at: part.start.getTime() / DAY_MS, value }];
  });
}

export async function figureTrend(counted: Counted, kind: string, figure: (sums: Sums) => number | null): Promise<FigureTrend> {
  const of = ({ values }: WholePart): number | null => figure(values.get('') ?? EMPTY);
  const hours = await wholeParts(counted, kind, { unit: 'hour' });
  const seasonal = hours.flatMap((part) => {
    const value = of(part);
    return value === null ? [] : [{ hour: part.hour, weekday: part.weekday, value }];
  });
  return { ...trendByHand(timed(await wholeParts(counted, kind), of)), seasonality: seasonsByHand(seasonal) };
}
