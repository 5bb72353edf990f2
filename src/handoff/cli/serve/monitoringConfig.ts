import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import type { MonitoringChange, MonitoringConfig } from '../../monitoring/monitoringConfig.js';
import type { Admission } from '../../resilience/admission/admission.js';

/** What of the settings is about monitoring. */
export function monitoringConfig(
  settings: HandoffConfig['settings'],
  telemetry: Instrumentation,
  admission: Pick<Admission, 'status'>,
): MonitoringConfig {
  const dataFolder = settings.DATABASE_URL === undefined ? settings.HANDOFF_DATA_DIR : settings.HANDOFF_ARCHIVE_DIR;
  return {
    ...monitoringChange(settings),
    serviceName: settings.MCP_SERVER_NAME,
    memoryParts: () => {
      const { running, waiting } = admission.status();
      return { callsRunning: running, callsWaiting: waiting };
    },
    ...(dataFolder === undefined ? {} : { dataFolder }),
    telemetryStatus: () => telemetry.status(),
  };
}

/** What of that can change while the server runs. */
export function monitoringChange(settings: HandoffConfig['settings']): MonitoringChange {
  return {
    healthCheckInterval: settings.HANDOFF_HEALTH_CHECK_INTERVAL_MS,
    metricsCollectionInterval: settings.HANDOFF_METRICS_COLLECTION_INTERVAL_MS,
    alertThresholds: alertThresholds(settings),
    alertHoldMs: settings.HANDOFF_ALERT_HOLD_MS,
    alertClearPercent: settings.HANDOFF_ALERT_CLEAR_PERCENT,
    alertTargets: {
      alertmanagerUrls: settings.HANDOFF_ALERTMANAGER_URL,
      alertmanagerBearerTokenFile: settings.HANDOFF_ALERTMANAGER_BEARER_TOKEN_FILE,
      alertmanagerBasicAuthFile: settings.HANDOFF_ALERTMANAGER_BASIC_AUTH_FILE,
      webhookUrls: settings.HANDOFF_ALERT_WEBHOOK_URL,
      webhookSecret: settings.HANDOFF_ALERT_WEBHOOK_SECRET,
      timeoutMs: settings.HANDOFF_ALERT_TIMEOUT_MS,
    },
    memoryCollection: settings.HANDOFF_MEMORY_COLLECTION,
    memoryCollectionInterval: settings.HANDOFF_MEMORY_COLLECTION_INTERVAL_MS,
  };
}

/** From which figures on there are alerts. */
export function alertThresholds(settings: HandoffConfig['settings']): NonNullable<MonitoringChange['alertThresholds']> {
  return {
    responseTime: settings.HANDOFF_ALERT_RESPONSE_TIME_MS,
    errorRate: settings.HANDOFF_ALERT_ERROR_RATE_PERCENT,
    statementTime: settings.HANDOFF_ALERT_STATEMENT_TIME_MS,
    memoryUsage: settings.HANDOFF_ALERT_MEMORY_PERCENT,
    diskUsage: settings.HANDOFF_ALERT_DISK_PERCENT,
    poolUsage: settings.HANDOFF_ALERT_POOL_PERCENT,
    eventLoopUsage: settings.HANDOFF_ALERT_EVENT_LOOP_PERCENT,
  };
}
