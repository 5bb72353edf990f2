import { diag, metrics as metricsApi, logs, trace } from '@opentelemetry/api';
import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import type { Clock } from '../time/clock.js';
import { installDiagnostics } from './diagnostics.js';
import type { ReportLine } from './diagnostics.js';
import { releaseGlobals } from './globals.js';
import { metricViews } from './metricViews.js';
import { createLogOutlet, createMetricOutlet, createSpanOutlet } from './pipelines.js';
import { openPrometheusEndpoint } from './prometheus/endpoint.js';
import type { PrometheusEndpoint } from './prometheus/endpoint.js';
import { createScrape, refuseScrape } from './prometheus/scrape.js';
import type { MetricsHandler } from './prometheus/scrape.js';
import { createResource } from './resource.js';
import { loadSdk } from './sdkModules.js';
import type { Env } from './settings/env.js';
import type { InstrumentOptions } from './settings/options.js';
import type { TelemetrySettings } from './settings/resolve.js';
import type { SignalsStatus } from './status.js';
import { signalsStatus } from './status.js';
import { within } from './within.js';
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
  /** The same on the way out of the process: gives up sooner on a collector that is not there. */
  flushAtExit(): Promise<void>;
  /** Flushes, then stops everything and frees OpenTelemetry's globals. Bounded; never rejects. */
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
  const { settings, clock, report } = boot;
  const sdk = loadSdk();
  installDiagnostics(settings.diagnosticsLevel, report, clock);
  const resource = createResource(sdk, boot.options, boot.env);
  const pipeline = { ...boot, sdk, resource };
  const spans = createSpanOutlet(pipeline);
  const records = createLogOutlet(pipeline);
  const points = createMetricOutlet(pipeline);
  const scrape = settings.prometheus.enabled ? createScrape(sdk) : undefined;
  const nodeSdk = withoutLogLevel(() => new sdk.node.NodeSDK({
    autoDetectResources: false,
    resource,
    spanProcessors: [...spans.feeds],
    logRecordProcessors: [...records.feeds],
    metricReaders: [...points.feeds, ...(scrape === undefined ? [] : [scrape.reader])],
    views: metricViews,
  }));
  nodeSdk.start();
  const handler = scrape?.handler ?? refuseScrape;
  const endpoint = settings.prometheus.listen ? openPrometheusEndpoint(settings.prometheus, handler, report) : undefined;
  const outlets = [spans, records, points];
  const hurry = (isHurried: boolean): void => {
    for (const outlet of outlets) outlet.setHurried(isHurried);
  };
  const flush = async (): Promise<void> => {
    const finished = await within(Promise.all(outlets.map((outlet) => outlet.flush())), settings.flushTimeoutMs);
    if (!finished) diag.warn(`telemetry was not delivered within ${settings.flushTimeoutMs} ms`);
  };
  // The end of stdin, a signal and `shutdown()` may follow each other closely: the first to finish must not slow the rest down.
  let hurried = 0;
  const flushAtExit = async (): Promise<void> => {
    hurried += 1;
    hurry(true);
    await flush();
    hurried -= 1;
    if (hurried === 0) hurry(false);
  };
  return {
    ...handles(),
    metricsHandler: handler,
    made: () => (spans.counts()?.made ?? 0) + (records.counts()?.made ?? 0),
    status: () => signalsStatus({ settings, resource, spans, records, points, endpoint }),
    flush,
    flushAtExit,
    shutdown: async () => {
      await flushAtExit();
      stop(outlets, endpoint);
      // Nothing is left to send, so this only ends timers and marks the providers as shut down.
      await within(nodeSdk.shutdown(), settings.flushTimeoutMs);
      releaseGlobals();
    },
  };
}

/** What the API hands out now: real ones with an SDK registered, no-ops without. */
export function handles(): Pick<Telemetry, 'tracer' | 'meter' | 'logger'> {
  return {
    tracer: trace.getTracer(SCOPE_NAME, PACKAGE_VERSION),
    meter: metricsApi.getMeter(SCOPE_NAME, PACKAGE_VERSION),
    logger: logs.getLogger(SCOPE_NAME, PACKAGE_VERSION),
  };
}

/** With OTEL_LOG_LEVEL set, NodeSDK's constructor would put its stdout logger in place of ours. */
function withoutLogLevel<T>(construct: () => T): T {
  const level = process.env['OTEL_LOG_LEVEL'];
  delete process.env['OTEL_LOG_LEVEL'];
  try {
    return construct();
  } finally {
    if (level !== undefined) process.env['OTEL_LOG_LEVEL'] = level;
  }
}

function stop(outlets: readonly { close(): void }[], endpoint: PrometheusEndpoint | undefined): void {
  for (const outlet of outlets) outlet.close();
  endpoint?.close();
}

