import { diag, metrics as metricsApi, logs, trace } from '@opentelemetry/api';
import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import { isMainThread } from 'node:worker_threads';
import type { Clock } from '../time/clock.js';
import { installDiagnostics } from './diagnostics/diagnostics.js';
import type { ReportLine } from './diagnostics/diagnostics.js';
import { createExemplars } from './exemplars/exemplars.js';
import { createLastFlush, explainProtocols } from './exit/lastFlush.js';
import { shareFlushes } from './pipeline/flushSharing.js';
import { freeDiagnostics, globalsSince } from './sdk/globals.js';
import { startNodeSdk } from './sdk/nodeSdk.js';
import { createLogOutlet, createMetricOutlet, createSpanOutlet } from './pipeline/pipelines.js';
import { openPrometheusEndpoint } from './prometheus/endpoint.js';
import type { PrometheusEndpoint } from './prometheus/endpoint.js';
import { createScrape, refuseScrape } from './prometheus/scrape.js';
import type { MetricsHandler } from './prometheus/scrape.js';
import { createResource } from './sdk/resource.js';
import { effectiveEnvironment } from './sdk/sdkEnvironment.js';
import { loadSdk } from './sdk/sdkModules.js';
import type { SdkModules } from './sdk/sdkModules.js';
import { observeQueues } from './diagnostics/selfMetrics.js';
import type { Env } from './settings/env.js';
import type { InstrumentOptions } from './settings/options.js';
import type { TelemetrySettings } from './settings/resolve.js';
import type { SignalsStatus } from './diagnostics/status.js';
import { signalsStatus } from './diagnostics/status.js';
import { createViews } from './sdk/views.js';
import { within } from '../time/within.js';
import { PACKAGE_VERSION, SCOPE_NAME } from '../telemetry/scope.js';

/** The SDK as `instrument()` runs it. */
export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logger: Logger;
  readonly metricsHandler: MetricsHandler;
  status(): SignalsStatus;
  /** Spans and log records made so far. */
  made(): number;
  /** Sends everything; bounded by `flushTimeoutMs`; never rejects. */
  flush(): Promise<void>;
  /** The same on the way out of the process: gives up sooner on a collector that is not there. Resolves with `false` when not all was answered in time. */
  flushAtExit(): Promise<boolean>;
  /** Sends spans and log records without the event loop: holds the process, within the same bound. Never throws. */
  flushNow(): void;
  /** Frees OpenTelemetry's globals at once, so that another SDK may start, then flushes and stops everything. Bounded; never rejects. */
  shutdown(): Promise<void>;
}

export interface BootOptions {
  readonly options: InstrumentOptions;
  readonly settings: TelemetrySettings;
  readonly env: Env;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: ReportLine;
}

/** Starts the SDK with our pipelines and registers it globally. Synchronous; nothing waits for the network. */
export function bootTelemetry(boot: BootOptions): Telemetry {
  const sdk = loadSdk();
  const freeGlobals = globalsSince();
  installDiagnostics(boot.settings.diagnosticsLevel, boot.report, boot.clock);
  const freeDiag = freeDiagnostics();
  try {
    return startPipelines({ ...boot, sdk, freeGlobals, freeDiag });
  } catch (error) {
    freeGlobals();
    freeDiag();
    throw error;
  }
}

interface PipelineBoot extends BootOptions {
  readonly sdk: SdkModules;
  readonly freeGlobals: () => void;
  readonly freeDiag: () => void;
}

function startPipelines(boot: PipelineBoot): Telemetry {
  const { settings, clock, report, sdk, freeGlobals, freeDiag } = boot;
  const resource = createResource(sdk, boot.options, settings.resource);
  const env = effectiveEnvironment(settings, boot.env);
  const pipeline = { ...boot, env, resource };
  const spans = createSpanOutlet(pipeline);
  const records = createLogOutlet(pipeline);
  const views = createViews(sdk, settings.views);
  const exemplars = createExemplars({ filter: settings.exemplarFilter, clock, views });
  const points = createMetricOutlet(pipeline, exemplars);
  const scrape = settings.prometheus.enabled ? createScrape(sdk, exemplars) : undefined;
  const nodeSdk = startNodeSdk({
    sdk,
    settings,
    env,
    resource,
    spanProcessors: spans.feeds,
    logRecordProcessors: records.feeds,
    metricReaders: [...points.feeds, ...(scrape === undefined ? [] : [scrape.reader])],
    views,
  });
  if (points.endpoint !== undefined || scrape !== undefined) exemplars.attach(metricsApi.getMeterProvider());
  const handler = scrape?.handler ?? refuseScrape;
  const endpoint = listens(boot) ? openPrometheusEndpoint(settings.prometheus, handler, report) : undefined;
  explainProtocols(settings, report);
  observeQueues({
    meter: handles().meter,
    spans,
    records,
    protocols: { spans: settings.traces.protocol, records: settings.logs.protocol },
  });
  const outlets = [spans, records, points];
  const hurry = (isHurried: boolean): void => {
    for (const outlet of outlets) outlet.setHurried(isHurried);
  };
  const flushWithin = async (timeoutMs: number): Promise<boolean> => {
    const finished = await within(Promise.all(outlets.map((outlet) => outlet.flush())), timeoutMs);
    if (!finished) diag.warn(`telemetry was not delivered within ${settings.flushTimeoutMs} ms`);
    return finished;
  };
  // The end of stdin, a signal and `shutdown()` may follow each other closely: the first to finish must not slow the rest down.
  let hurried = 0;
  const flushAtExit = async (): Promise<boolean> => {
    hurried += 1;
    hurry(true);
    const finished = await flushWithin(settings.flushTimeoutMs);
    hurried -= 1;
    if (hurried === 0) hurry(false);
    return finished;
  };
  return {
    ...handles(),
    metricsHandler: handler,
    made: () => (spans.counts()?.made ?? 0) + (records.counts()?.made ?? 0),
    status: () => signalsStatus({ settings, resource, spans, records, points, endpoint }),
    flush: shareFlushes(flushWithin, settings.flushTimeoutMs, clock),
    flushAtExit,
    flushNow: createLastFlush({ queues: [spans, records], timeoutMs: settings.flushTimeoutMs, report }),
    shutdown: async () => {
      const flushed = flushAtExit();
      freeGlobals();
      await flushed;
      stop(outlets, endpoint);
      exemplars.detach();
      // Nothing is left to send, so this only ends timers and marks the providers as shut down.
      await within(nodeSdk.shutdown(), settings.flushTimeoutMs);
      freeDiag();
    },
  };
}

/** A preloaded register.js runs in every worker thread, and one port cannot be had by all. */
function listens({ settings, options }: BootOptions): boolean {
  return settings.prometheus.listen && (isMainThread || options.prometheus?.port !== undefined);
}

/** What the API hands out now: real ones with an SDK registered, no-ops without. */
export function handles(): Pick<Telemetry, 'tracer' | 'meter' | 'logger'> {
  return {
    tracer: trace.getTracer(SCOPE_NAME, PACKAGE_VERSION),
    meter: metricsApi.getMeter(SCOPE_NAME, PACKAGE_VERSION),
    logger: logs.getLogger(SCOPE_NAME, PACKAGE_VERSION),
  };
}

function stop(outlets: readonly { close(): void }[], endpoint: PrometheusEndpoint | undefined): void {
  for (const outlet of outlets) outlet.close();
  endpoint?.close();
}
