import type { AlertName } from '../../../telemetry/catalogue/alerts.js';
import type { thresholdVariables } from '../../../variables/alertVariables.js';

/** The variable that has the threshold of each alert, its unit, and the highest value that is recommended for it. */
export const thresholdVariableOf: Readonly<
  Record<AlertName, { readonly variable: keyof typeof thresholdVariables; readonly unit: 'ms' | '%'; readonly most: number }>
> = {
  response_time: { variable: 'HANDOFF_ALERT_RESPONSE_TIME_MS', unit: 'ms', most: 60_000 },
  error_rate: { variable: 'HANDOFF_ALERT_ERROR_RATE_PERCENT', unit: '%', most: 50 },
  statement_time: { variable: 'HANDOFF_ALERT_STATEMENT_TIME_MS', unit: 'ms', most: 60_000 },
  memory: { variable: 'HANDOFF_ALERT_MEMORY_PERCENT', unit: '%', most: 95 },
  disk: { variable: 'HANDOFF_ALERT_DISK_PERCENT', unit: '%', most: 95 },
  database_pool: { variable: 'HANDOFF_ALERT_POOL_PERCENT', unit: '%', most: 100 },
  event_loop: { variable: 'HANDOFF_ALERT_EVENT_LOOP_PERCENT', unit: '%', most: 98 },
};
