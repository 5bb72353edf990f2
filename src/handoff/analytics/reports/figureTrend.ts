import { seasonalityOf } from '../trends/seasonality.js';
import { trendOf } from '../trends/trend.js';
import type { Trend } from '../trends/trend.js';
import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';
import type { Measures } from '../rollups/measure.js';
import type { Point, ReportReader } from './reader.js';
import type { FigureTrend } from './types.js';

const DAY_MS = 86_400_000;
/** Fewer whole days make no trend: hours are looked at instead. */
const MIN_DAYS = 8;

/** The trend of a figure over the last days of the range, with what repeats by hour and weekday. A figure that is `null` is no sample. */
export async function figureTrend(
  reader: ReportReader,
  days: number,
  kind: RollupKind,
  figure: (measures: Measures) => number | null,
): Promise<FigureTrend> {
  const recent = reader.lastDays(days, 'hour');
  const hours = await recent.series(kind);
  const isLong = recent.query.end.getTime() - recent.query.start.getTime() >= MIN_DAYS * DAY_MS;
  const points = isLong ? await reader.lastDays(days, 'day').series(kind) : hours;
  const hourly = hours.filter(({ isWhole }) => isWhole);
  return {
    ...trendOfPoints(points, ({ measures }) => figure(measures)),
    seasonality: seasonalityOf(
      hourly.flatMap(({ local: { hour, weekday }, measures }) => {
        const value = figure(measures);
        return value === null ? [] : [{ hour, weekday, value }];
      }),
    ),
  };
}

/** The trend of whole parts; time is in days. */
export function trendOfPoints<P extends Pick<Point, 'timestamp' | 'isWhole'>>(
  points: readonly P[],
  figure: (point: P) => number | null,
): Trend {
  return trendOf(
    points.flatMap((point) => {
      const value = point.isWhole ? figure(point) : null;
      return value === null ? [] : [{ at: point.timestamp.getTime() / DAY_MS, value }];
    }),
  );
}
