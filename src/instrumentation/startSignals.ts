import { metrics } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Clock } from '../time/clock.js';
import { createExemplars } from './exemplars/exemplars.js';
import type { BatchCounts } from './pipeline/batchCounts.js';
import type { Outlet } from './pipeline/outlet.js';
import { createLogOutlet, createMetricOutlet, createSpanOutlet } from './pipeline/pipelines.js';
import type { PushCounts } from './pipeline/pushReader.js';
import { createScrape, refuseScrape } from './prometheus/scrape.js';
import type { MetricsHandler } from './prometheus/scrape.js';
import { createViews } from './sdk/createViews.js';
import { startNodeSdk } from './sdk/nodeSdk.js';
import { useOwnHandles } from './sdk/ownHandles.js';
import { createResource } from './sdk/resource.js';
import type { SdkModules } from './sdk/sdkModules.js';
import type { Env } from './settings/env.js';
import type { TelemetrySettings } from './settings/resolve.js';

export interface SignalOptions {
  readonly sdk: SdkModules;
  readonly settings: TelemetrySettings;
  /** As `effectiveEnvironment` returns it. */
  readonly env: Env;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Spans, log records and metrics on their way out, and the SDK that feeds them. */
export interface Signals {
  readonly resource: Resource;
  readonly spans: Outlet<SpanProcessor, BatchCounts>;
  readonly records: Outlet<LogRecordProcessor, BatchCounts>;
  readonly points: Outlet<IMetricReader, PushCounts>;
  /** Answers scrapes; refuses them when there is nothing to scrape. */
  readonly metricsHandler: MetricsHandler;
  /** Ends timers and marks the providers as shut down. Call it when nothing is left to send. */
  stop(): Promise<void>;
}

/** Builds the pipelines of all signals and registers the SDK with them globally. */
export function startSignals({ sdk, settings, env, clock, random }: SignalOptions): Signals {
  const resource = createResource(sdk, settings);
  const pipeline = { sdk, settings, resource, clock, random };
  const spans = createSpanOutlet(pipeline);
  const records = createLogOutlet(pipeline);
  const views = createViews(sdk, settings.views);
  const exemplars = createExemplars({ filter: settings.exemplarFilter, clock, views });
  const points = createMetricOutlet(pipeline, exemplars);
  const scrape = settings.prometheus.enabled ? createScrape(sdk, exemplars) : undefined;
  const parts = {
    sdk,
    settings,
    env,
    resource,
    spanProcessors: spans.feeds,
    logRecordProcessors: records.feeds,
    metricReaders: [...points.feeds, ...(scrape === undefined ? [] : [scrape.reader])],
  };
  const nodeSdk = startNodeSdk({ ...parts, views });
  const dropHandles = useOwnHandles(parts);
  if (points.endpoint !== undefined || scrape !== undefined) exemplars.attach(metrics.getMeterProvider());
  return {
    resource,
    spans,
    records,
    points,
    metricsHandler: scrape?.handler ?? refuseScrape,
    stop: () => {
      exemplars.detach();
      dropHandles();
      return nodeSdk.shutdown();
    },
  };
}
