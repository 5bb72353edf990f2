import type { AlertDefinition } from './alert.js';
import { alertingAlerts } from './alerts/alerting.js';
import { analyticsAlerts } from './alerts/analytics.js';
import { archiveAlerts } from './alerts/archive.js';
import { backEndAlerts } from './alerts/backEnds.js';
import { collectorAlerts } from './alerts/collector.js';
import { databaseAlerts } from './alerts/databases.js';
import { healthAlerts } from './alerts/health.js';
import { jobAlerts } from './alerts/jobs.js';
import { lifecycleAlerts } from './alerts/lifecycle.js';
import { resilienceAlerts } from './alerts/resilience.js';
import { runtimeAlerts } from './alerts/runtime.js';
import { serviceLevelAlerts } from './alerts/serviceLevels.js';
import { telemetryAlerts } from './alerts/telemetry.js';
import { thresholdAlerts } from './alerts/thresholds.js';
import { toolAlerts } from './alerts/tools.js';

/** All alerts, by the file of rules that they are in. */
export const alertFiles = {
  'service-levels': serviceLevelAlerts,
  services: toolAlerts,
  lifecycle: [...lifecycleAlerts, ...archiveAlerts, ...jobAlerts],
  monitoring: [...healthAlerts, ...resilienceAlerts, ...thresholdAlerts],
  analytics: analyticsAlerts,
  databases: databaseAlerts,
  runtime: runtimeAlerts,
  telemetry: telemetryAlerts,
  collector: collectorAlerts,
  'back-ends': backEndAlerts,
  alerting: alertingAlerts,
} as const satisfies Readonly<Record<string, readonly AlertDefinition[]>>;

export const alerts: readonly AlertDefinition[] = Object.values(alertFiles).flat();
