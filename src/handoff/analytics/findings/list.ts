import { anomalyOperations } from '../../../telemetry/catalogue/anomalies.js';
import { anomalyOf } from './anomaly.js';
import type { Anomaly } from './anomaly.js';
import type { AnomalyDependencies } from './dependencies.js';
import { listAnomalies } from './sql/anomalies.js';
import type { AnomalyRow } from './sql/anomalies.js';

const MAX_LISTED = 500;
const DAY_MS = 86_400_000;

/** Reads what is open, and what ended within the trend window; open ones first, then the newest. At most 500. */
export function listKept({ database, observe, clock, trendDays, grafanaUrl }: AnomalyDependencies): Promise<Anomaly[]> {
  return observe(anomalyOperations.list.name, {}, async () => {
    const since = new Date(clock.nowMs() - trendDays() * DAY_MS);
    return (await database.query<AnomalyRow>(listAnomalies, [since, MAX_LISTED])).map((row) => anomalyOf(row, grafanaUrl));
  });
}
