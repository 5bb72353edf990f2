import { pointFacts } from '../facts.js';
import type { PointFact } from '../facts.js';
import type { Mode, Subject } from '../subject.js';
import { KeptSpans, inSpan } from './host.js';
import { requireOf } from './peerModules.js';

interface Telemetry {
  shutdown(): Promise<void>;
}

// The endpoint of a port where nothing listens; what is given to the exporters stays here.
const BASE = { serverName: 'comparison', serverVersion: '1.0.0', exporterEndpoint: 'http://127.0.0.1:9/v1' };
const OPTIONS: Record<Mode, object> = {
  plain: {},
  content: { enableArgumentCollection: true },
  off: { enableTracing: false, enableMetrics: false },
};

/**
 * "Usage" of its README: `instrumentServer(server, config)`, then `server.tool(…)`. It starts an SDK of its own, whose OTLP exporters keep
 * here what they are given.
 */
export function openShinzo(): Subject {
  const load = requireOf('shinzo');
  const api = load('@opentelemetry/api');
  const kept = new KeptSpans();
  let points: PointFact[] = [];
  // The second is what its SDK falls back to when it is given no exporter.
  for (const name of ['@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/exporter-trace-otlp-proto']) {
    load(name).OTLPTraceExporter.prototype.export = (spans: readonly unknown[], done: (result: object) => void) => {
      for (const span of spans) kept.onEnd(span);
      done({ code: 0 });
    };
  }
  load('@opentelemetry/exporter-metrics-otlp-http').OTLPMetricExporter.prototype.export = (
    { scopeMetrics }: { scopeMetrics: Parameters<typeof pointFacts>[0] },
    done: (result: object) => void,
  ) => {
    points = pointFacts(scopeMetrics);
    done({ code: 0 });
  };
  const { instrumentServer } = load('@shinzolabs/instrumentation-mcp');
  let first: Telemetry | undefined;
  return {
    name: 'shinzo',
    roads: ['v1'],
    registersBy: 'tool',
    contentBy: '`enableArgumentCollection`',
    offBy: '`enableTracing: false`, `enableMetrics: false`',
    wrapServer: (server, mode) => {
      const telemetry = instrumentServer(server, { ...BASE, ...OPTIONS[mode] }) as Telemetry;
      // The SDK that was started first has the globals; the others stay idle.
      first ??= telemetry;
      return server;
    },
    endSessions: async () => first?.shutdown(),
    inSpan: (name, run) => inSpan(api, name, run),
    spans: async () => {
      await api.trace.getTracerProvider().getDelegate?.()?.forceFlush?.();
      return kept.facts;
    },
    points: async () => {
      await api.metrics
        .getMeterProvider()
        .forceFlush?.()
        .catch(() => undefined);
      return points;
    },
    clear: () => {
      kept.clear();
    },
  };
}
