import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { metrics } from '../../telemetry/catalogue.js';
import { boundedDbAttributes } from '../../telemetry/guard/metricAttributes.js';

/** Guards on what instrumentation libraries record; our own instruments bound their labels where they are made. */
export const guardViews: ViewOptions[] = [
  {
    meterName: '@opentelemetry/instrumentation-pg',
    instrumentName: metrics.dbOperationDuration.name,
    attributesProcessors: [{ process: boundedDbAttributes }],
  },
];
