import { logs, metrics, trace } from '@opentelemetry/api';
import { apiHandles } from './sdk/apiHandles.js';
import { delegateOf } from './sdk/delegateOf.js';
import type { Telemetry } from './telemetry.js';
import { refuseScrape } from './prometheus/scrape.js';
import type { SignalsStatus } from './status/signalsStatus.js';
import { isOverWithin } from '../time/within.js';

const NO_SIGNALS: SignalsStatus = {
  serviceName: '',
  traces: { exporters: [] },
  logs: { exporters: [] },
  metrics: { exporters: [] },
  prometheus: { enabled: false },
};

/** Returns one line that explains what joining means; the other SDK may be registered for all signals or only for some. */
export function joiningLine(registered: readonly string[]): string {
  const missing = ['trace', 'metrics', 'logs'].filter((signal) => !registered.includes(signal));
  const nowhere = missing.length === 0 ? '' : ` It has registered nothing for ${missing.join(' and ')}, so those go nowhere.`;
  return `another OpenTelemetry SDK is already registered; joining it: spans, metrics and logs go where it sends them, without our guard, flush and Prometheus endpoint.${nowhere}`;
}

/** Someone else's SDK: we emit into it and may flush it, but it is not ours to shut down. */
export function joinedTelemetry(flushTimeoutMs: number): Telemetry {
  return withoutPipelines(async () => {
    const providers: unknown[] = [delegateOf(trace.getTracerProvider()), metrics.getMeterProvider(), delegateOf(logs.getLoggerProvider())];
    await isOverWithin(flushTimeoutMs, Promise.allSettled(providers.map(forceFlush)));
  });
}

function withoutPipelines(flush: () => Promise<void>): Telemetry {
  return {
    ...apiHandles(),
    metricsHandler: refuseScrape,
    made: () => 0,
    status: () => NO_SIGNALS,
    flush,
    flushAtExit: async () => {
      await flush();
      return true;
    },
    flushNow: () => {},
    shutdown: flush,
  };
}

async function forceFlush(provider: unknown): Promise<void> {
  if (typeof provider !== 'object' || provider === null) return;
  const flush: unknown = Reflect.get(provider, 'forceFlush');
  if (typeof flush === 'function') await Reflect.apply(flush, provider, []);
}
