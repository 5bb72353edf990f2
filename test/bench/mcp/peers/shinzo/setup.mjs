import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const require = createRequire(import.meta.url);
const sdk = { Client, InMemoryTransport, McpServer, z };

/** The configuration of its README; the endpoint is a port where nothing listens. */
function wrapServer(server) {
  const { instrumentServer } = require('@shinzolabs/instrumentation-mcp');
  instrumentServer(server, { serverName: 'bench', serverVersion: '1.0.0', exporterEndpoint: 'http://127.0.0.1:9/v1' });
  return server;
}

/** As the README has it: it starts an SDK of its own (OpenTelemetry 1.x), whose OTLP exporters count and drop here what they are given. */
export function openDocumented({ openPairV1 }) {
  const { trace } = require('@opentelemetry/api');
  const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
  const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-http');
  const { metrics } = require('@opentelemetry/api');
  let points = new Map();
  const sink = {
    spans: 0,
    keeping: false,
    kept: [],
    flush: () => trace.getTracerProvider().getDelegate().forceFlush(),
    points: async () => {
      await metrics.getMeterProvider().forceFlush();
      return points;
    },
  };
  OTLPTraceExporter.prototype.export = (spans, done) => {
    sink.spans += spans.length;
    if (sink.keeping) sink.kept.push(...spans.map(({ name, attributes }) => ({ name, attributes })));
    done({ code: 0 });
  };
  OTLPMetricExporter.prototype.export = ({ scopeMetrics }, done) => {
    points = new Map(
      scopeMetrics
        .flatMap((scope) => scope.metrics)
        .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.reduce((sum, { value }) => sum + (value.count ?? 1), 0)]),
    );
    done({ code: 0 });
  };
  return openPairV1({ sink, wrapServer }, sdk);
}

/** On the SDK that everybody else runs on: registered first, it keeps the globals, and what Shinzo's own SDK sets up stays idle. */
export function openShared({ registerPipeline, openPairV1 }) {
  return openPairV1({ sink: registerPipeline(), wrapServer }, sdk);
}
