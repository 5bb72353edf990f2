import { isMainThread } from 'node:worker_threads';
import type { Clock } from '../time/clock.js';
import { isOverWithin } from '../time/within.js';
import { installDiagnostics } from './diagnostics/diagnostics.js';
import type { ReportLine } from './diagnostics/diagnostics.js';
import { createLastFlush, explainProtocols } from './exit/lastFlush.js';
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
import { signalsStatus } from './status/signalsStatus.js';
import type { Telemetry } from './telemetry.js';

export interface BootOptions {
  readonly settings: TelemetrySettings;
  readonly env: Env;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: ReportLine;
}

/** Starts the SDK with our pipelines and registers it globally. It is synchronous and never waits for the network. */
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
  const protocols = { spans: settings.traces.protocol, records: settings.logs.protocol };
  observeQueues({ meter: handles.meter, spans, records, protocols });
  const outlets = [spans, records, points];
  const { flush, flushAtExit } = createFlushes(outlets, settings.flushTimeoutMs, clock);
  return {
    ...handles,
    metricsHandler,
    made: () => (spans.counts()?.made ?? 0) + (records.counts()?.made ?? 0),
    status: () => signalsStatus({ settings, resource, spans, records, points, endpoint }),
    flush,
    flushAtExit,
    flushNow: createLastFlush({ queues: [spans, records], timeoutMs: settings.flushTimeoutMs, report }),
    shutdown: async () => {
      const flushed = flushAtExit();
      boot.freeGlobals();
      await flushed;
      for (const outlet of outlets) outlet.close();
      endpoint?.close();
      await isOverWithin(settings.flushTimeoutMs, signals.stop());
      boot.freeDiag();
    },
  };
}

/** A preloaded register.js runs in every worker thread, and they cannot all listen on one port. */
function listens({ prometheus, options }: TelemetrySettings): boolean {
  return prometheus.listen && (isMainThread || options.prometheus?.port !== undefined);
}
