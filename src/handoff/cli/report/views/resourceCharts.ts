import type { ResourcePoint } from '../../../analytics/reports/types.js';
import type { Chart } from './view.js';

const PERCENTAGES = { memory: 'memoryPercent', CPU: 'cpuPercent', disk: 'diskPercent' } as const;

/** What was used of what there is. */
export function percentChart(title: string, points: readonly ResourcePoint[], names: readonly (keyof typeof PERCENTAGES)[]): Chart {
  return {
    title,
    unit: 'percent',
    kind: 'lines',
    times: points.map(({ timestamp }) => timestamp),
    series: names.map((name) => ({ name, values: points.map((point) => point[PERCENTAGES[name]]) })),
  };
}
