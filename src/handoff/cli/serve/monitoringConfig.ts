import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import type { MonitoringConfig } from '../../monitoring/monitoring.js';

/** What of the settings is about monitoring. */
export function monitoringConfig(settings: HandoffConfig['settings'], telemetry: Instrumentation): MonitoringConfig {
  const dataFolder = settings.DATABASE_URL === undefined ? settings.HANDOFF_DATA_DIR : settings.HANDOFF_ARCHIVE_DIR;
  return {
    healthCheckInterval: settings.HANDOFF_HEALTH_CHECK_INTERVAL_MS,
    metricsCollectionInterval: settings.HANDOFF_METRICS_COLLECTION_INTERVAL_MS,
    ...(dataFolder === undefined ? {} : { dataFolder }),
    telemetryStatus: () => telemetry.status(),
  };
}
