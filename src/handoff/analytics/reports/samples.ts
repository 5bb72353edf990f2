import type { Measures } from '../rollups/measure.js';
import { averageOf, percentOf } from './figures.js';
import type { GroupedPoint, ReportReader } from './reader.js';
import type { ResourceFigures } from './types.js';

/** The mean of each metric in the last part of the range that has any sample of it: parts of hours, or of whatever was asked for. */
export async function lastSamples(reader: ReportReader): Promise<ReadonlyMap<string, number>> {
  return lastOf(await reader.lastDays(LAST_DAYS, 'hour').seriesBy('resources', 'metric'));
}

/** Older samples say nothing of the end of a range. */
const LAST_DAYS = 1;

function lastOf(points: readonly GroupedPoint[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { values } of points) {
    for (const [metric, measures] of values) {
      const mean = averageOf(measures, 'value');
      if (mean !== null) last.set(metric, mean);
    }
  }
  return last;
}

/** What is shown of the metrics of one time. */
export function resourceFigures(mean: (metric: string) => number | null): ResourceFigures {
  const [used, limit] = [mean('memory_used_bytes'), mean('memory_limit_bytes')];
  return {
    memoryPercent: used === null || limit === null ? null : percentOf(used, limit),
    cpuPercent: mean('cpu_used_percent'),
    diskPercent: mean('disk_used_percent'),
    activeConnections: mean('database_connections_used'),
    activeSessions: mean('sessions:active'),
  };
}

/** The means of one part of a series. */
export function meansOf(values: ReadonlyMap<string, Measures>): (metric: string) => number | null {
  return (metric) => averageOf(values.get(metric), 'value');
}
