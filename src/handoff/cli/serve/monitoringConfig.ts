import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import type { MonitoringConfig } from '../../monitoring/monitoring.js';
import { captureAnswer } from '../../server/admin/captureAnswer.js';

/** What of the settings is about monitoring. */
export function monitoringConfig(settings: HandoffConfig['settings'], telemetry: Instrumentation): MonitoringConfig {
  const dataFolder = settings.DATABASE_URL === undefined ? settings.HANDOFF_DATA_DIR : settings.HANDOFF_ARCHIVE_DIR;
  return {
    healthCheckInterval: settings.HANDOFF_HEALTH_CHECK_INTERVAL_MS,
    metricsCollectionInterval: settings.HANDOFF_METRICS_COLLECTION_INTERVAL_MS,
    ...(dataFolder === undefined ? {} : { dataFolder }),
    telemetryStatus: () => telemetry.status(),
    collectMetrics: () => metricsText(telemetry),
  };
}

/** Rejects where there are none to collect, as without an admin port: a sentence about that is no metrics. */
async function metricsText({ metricsHandler }: Instrumentation): Promise<string> {
  const { status, body } = await captureAnswer(metricsHandler, '');
  if (status !== 200) throw new Error(`the metrics were answered with ${status}`);
  return body;
}
