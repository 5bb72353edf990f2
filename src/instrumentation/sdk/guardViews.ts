import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { databaseMetrics } from '../../telemetry/catalogue/database.js';
import { boundedDbAttributes } from '../../telemetry/guard/metricAttributes.js';

/** Guards on what instrumentation libraries record; our own instruments bound their labels where they are made. */
export const guardViews: ViewOptions[] = [
  {
    meterName: '@opentelemetry/instrumentation-pg',
    instrumentName: databaseMetrics.operationDuration.name,
    attributesProcessors: [{ process: boundedDbAttributes }],
  },
];
