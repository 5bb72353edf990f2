import type { MeterProvider, ResourceMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import { createExemplars } from '../../../../src/instrumentation/exemplars/exemplars.js';
import type { Exemplars } from '../../../../src/instrumentation/exemplars/exemplars.js';
import { exposition } from '../../../../src/instrumentation/prometheus/exposition.js';
import { familiesOf } from '../../../../src/instrumentation/prometheus/families.js';
import type { PromFormat } from '../../../../src/instrumentation/prometheus/negotiate.js';
import type { ExemplarFilter } from '../../../../src/instrumentation/settings/metrics.js';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';

export interface Collecting {
  readonly provider: MeterProvider;
  readonly exemplars: Exemplars;
  readonly complaints: string[];
  collect(): Promise<ResourceMetrics>;
  /** What a scraper would be given. */
  page(format: PromFormat): Promise<string>;
}

/** The SDK's meters, and what comes of them at a reader. */
export function startCollecting(views: ViewOptions[] = [], filter: ExemplarFilter = 'trace_based', delta = false): Collecting {
  const { metrics, resources } = loadSdk();
  class Reader extends metrics.MetricReader {
    protected async onForceFlush(): Promise<void> {}
    protected async onShutdown(): Promise<void> {}
  }
  const temporality = delta ? metrics.AggregationTemporality.DELTA : metrics.AggregationTemporality.CUMULATIVE;
  const reader = new Reader({ aggregationTemporalitySelector: () => temporality });
  const provider = new metrics.MeterProvider({
    readers: [reader],
    views,
    resource: resources.resourceFromAttributes({ 'service.name': 'shop "1"\n', 'host.name': '' }),
  });
  const complaints: string[] = [];
  const exemplars = createExemplars({ filter, clock: { nowMs: () => Date.now() }, views });
  exemplars.attach(provider);
  const collect = async (): Promise<ResourceMetrics> => (await reader.collect()).resourceMetrics;
  return {
    provider,
    exemplars,
    complaints,
    collect,
    page: async (format) => {
      const collected = await collect();
      return exposition(
        familiesOf(collected, (complaint) => complaints.push(complaint)),
        collected.resource.attributes,
        format,
        exemplars.of(collected),
      );
    },
  };
}
