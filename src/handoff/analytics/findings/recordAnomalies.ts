import { anomalyKinds, anomalySeverities } from '../../../telemetry/catalogue/anomalies.js';
import { ATTR_HANDOFF_ANOMALY_KIND, ATTR_HANDOFF_ANOMALY_SEVERITY } from '../../../telemetry/semconv.js';
import type { AnomalyDependencies } from './dependencies.js';
import { countOpen } from './sql/anomalies.js';
import { readDetectorState } from './sql/detectors.js';
import type { DetectorStateRow } from './sql/detectors.js';

interface OpenCount {
  readonly kind: string;
  readonly severity: string;
  readonly n: number;
}

/** Tells how many anomalies are open, and how far detectors are behind. Every process looks: detectors that do not run tell nothing. */
export async function recordAnomalies({ database, record }: Pick<AnomalyDependencies, 'database' | 'record'>): Promise<void> {
  const open = await database.query<OpenCount>(countOpen);
  for (const kind of anomalyKinds) {
    for (const severity of anomalySeverities) {
      const n = open.find((row) => row.kind === kind && row.severity === severity)?.n ?? 0;
      record.open(n, { [ATTR_HANDOFF_ANOMALY_KIND]: kind, [ATTR_HANDOFF_ANOMALY_SEVERITY]: severity });
    }
  }
  const [state] = await database.query<DetectorStateRow>(readDetectorState);
  if (state === undefined) return;
  record.stateSize(state.state_bytes, {});
  if (state.lag_s !== null) record.lag(Math.max(0, state.lag_s), {});
}
