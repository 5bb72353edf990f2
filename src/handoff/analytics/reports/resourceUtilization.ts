import { trendOfPoints } from './figureTrend.js';
import type { ReportReader } from './reader.js';
import { lastSamples, meansOf, resourceFigures } from './samples.js';
import type { ResourceFigures, ResourceStats } from './types.js';

/** In percent: from the first on a warning, from the second on critical. */
const THRESHOLDS = { memory: [80, 95], disk: [85, 95] } as const;

export async function resourceUtilization(reader: ReportReader, trendDays: number): Promise<ResourceStats> {
  const { start, end, timeZone } = reader.query;
  const last = await lastSamples(reader);
  const current = resourceFigures((metric) => last.get(metric) ?? null);
  const parts = await reader.seriesBy('resources', 'metric');
  const hours = (await reader.lastDays(trendDays, 'hour').seriesBy('resources', 'metric')).map(({ values, ...point }) => ({
    ...point,
    ...resourceFigures(meansOf(values)),
  }));
  return {
    timeRange: { start, end, timeZone },
    coverage: reader.coverage('resources'),
    current,
    historical: parts.map(({ timestamp, values }) => ({ timestamp, ...resourceFigures(meansOf(values)) })),
    alerts: [...alertOf('memory', current.memoryPercent, end), ...alertOf('disk', current.diskPercent, end)],
    trends: {
      memory: trendOfPoints(hours, figure('memoryPercent')),
      disk: trendOfPoints(hours, figure('diskPercent')),
      cpu: trendOfPoints(hours, figure('cpuPercent')),
    },
  };
}

function figure(name: keyof ResourceFigures): (point: ResourceFigures) => number | null {
  return (point) => point[name];
}

function alertOf(type: keyof typeof THRESHOLDS, percent: number | null, timestamp: Date): ResourceStats['alerts'] {
  const [warning, critical] = THRESHOLDS[type];
  if (percent === null || percent < warning) return [];
  const isCritical = percent >= critical;
  return [
    {
      type,
      thresholdPercent: isCritical ? critical : warning,
      currentValuePercent: percent,
      severity: isCritical ? 'critical' : 'warning',
      timestamp,
    },
  ];
}
