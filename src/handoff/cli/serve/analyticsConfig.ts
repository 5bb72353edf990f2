import { variableOf } from '../../analytics/analyticsConfig.js';
import type { AnalyticsConfig } from '../../analytics/analyticsConfig.js';
import type { HandoffConfig } from '../../config/resolve.js';

/** What of the settings is about analytics. All of it can change while the server runs. */
export function analyticsConfig(settings: HandoffConfig['settings']): AnalyticsConfig {
  return Object.fromEntries(Object.entries(variableOf).map(([key, name]) => [key, settings[name]]));
}
