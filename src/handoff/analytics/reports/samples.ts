import type { Measures } from '../rollups/measure.js';
import { averageOf, percentOf } from './figures.js';
import type { ReportReader } from './reader.js';
import type { ResourceFigures } from './types.js';

/**
 * Each metric as last sampled in the range, as the mean of the servers: of the last minute that has a sample of it, or else of the last
 * hour. A mean of a longer time would say how it was, and not how it is.
 */
export async function lastSamples(reader: ReportReader): Promise<ReadonlyMap<string, number>> {
  const hours = await reader.lastDays(LAST_DAYS, 'hour').seriesBy('resources', 'metric');
  const minutes = await reader.lastBuckets('resources', 'metric', HOUR_MS);
  return lastOf([...hours.map(({ values }) => values), ...minutes]);
}

/** Older samples say nothing of the end of a range. */
const LAST_DAYS = 1;
const HOUR_MS = 3_600_000;

/** @param parts in their order; of the same time the finer ones come later */
function lastOf(parts: readonly ReadonlyMap<string, Measures>[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const values of parts) {
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
