import { isMainThread } from 'node:worker_threads';
import type { Clock } from '../time/clock.js';
import { within } from '../time/within.js';
import { installDiagnostics } from './diagnostics/diagnostics.js';
import type { ReportLine } from './diagnostics/diagnostics.js';
import { rememberReports } from './diagnostics/rememberReports.js';
import { createLastFlush, explainProtocols } from './exit/lastFlush.js';
import { openLogWorker } from './logs/worker/openLogWorker.js';
import { createFlushes } from './pipeline/flushOutlets.js';
import { observeQueues } from './pipeline/queueMetrics.js';
import { openPrometheusEndpoint } from './prometheus/endpoint.js';
import { apiHandles } from './sdk/apiHandles.js';
import { freeDiagnostics, globalsSince } from './sdk/globals.js';
import { effectiveEnvironment } from './sdk/sdkEnvironment.js';
import { loadSdk } from './sdk/sdkModules.js';
import type { SdkModules } from './sdk/sdkModules.js';
import type { Env } from './settings/env.js';
import type { TelemetrySettings } from './settings/resolve.js';
import { startSignals } from './startSignals.js';
import { withLogTransport } from './status/logTransportStatus.js';
import { signalsStatus } from './status/signalsStatus.js';
import type { Telemetry } from './telemetry.js';

export interface BootOptions {
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
    return startPipelines({ ...boot, env: effectiveEnvironment(boot.settings, boot.env), sdk, freeGlobals, freeDiag });
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
  const { settings, clock, report } = boot;
  const signals = startSignals(boot);
  const { resource, spans, records, points, metricsHandler } = signals;
  const handles = apiHandles();
  const endpoint = listens(settings) ? openPrometheusEndpoint(settings.prometheus, metricsHandler, report) : undefined;
  explainProtocols(settings, report);
  const aboutWorker = rememberReports(report);
  const worker = openLogWorker({ ...boot, resource, report: aboutWorker.report, logger: handles.logger, host: process });
  const protocols = { spans: settings.traces.protocol, records: settings.logs.protocol };
  observeQueues({ meter: handles.meter, spans, records, worker, protocols });
  const outlets = [spans, records, points, ...(worker === undefined ? [] : [worker])];
  const { flush, flushAtExit } = createFlushes(outlets, settings.flushTimeoutMs, clock);
  return {
    ...handles,
    ...(worker === undefined ? {} : { pinoLogger: worker }),
    metricsHandler,
    made: () => (spans.counts()?.made ?? 0) + (records.counts()?.made ?? 0) + (worker?.counts().made ?? 0),
    status: () => withLogTransport(signalsStatus({ settings, resource, spans, records, points, endpoint }), worker),
    notices: aboutWorker.lines,
    flush,
    flushAtExit,
    flushNow: createLastFlush({ queues: [spans, records], clock, timeoutMs: settings.flushTimeoutMs, report }),
    shutdown: async () => {
      const flushed = flushAtExit();
      boot.freeGlobals();
      await flushed;
      for (const outlet of outlets) outlet.close();
      endpoint?.close();
      await within(signals.stop(), settings.flushTimeoutMs);
      boot.freeDiag();
    },
  };
}

/** A preloaded register.js runs in every worker thread, and one port cannot be had by all. */
function listens({ prometheus, options }: TelemetrySettings): boolean {
  return prometheus.listen && (isMainThread || options.prometheus?.port !== undefined);
}
