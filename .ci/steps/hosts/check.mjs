// Runs a program and expects one SERVER and one CLIENT span of its call, in one trace, and a point of both histograms.
//
//   node check.mjs <arguments of node>
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expectHistogramPoint, expectOneSpan, startOtlpReceiver } from 'handoff-otel/testing';

const receiver = await startOtlpReceiver();
const env = {
  ...process.env,
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_SERVICE_NAME: 'host',
  // No cloud provider's metadata is queried here.
  OTEL_NODE_RESOURCE_DETECTORS: 'env,process',
};
const child = spawn(process.execPath, process.argv.slice(2), { env });
let output = '';
for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
await once(child, 'exit');
try {
  const [server, client] = await receiver.waitFor(({ spans }) =>
    ['SERVER', 'CLIENT'].map((kind) => expectOneSpan(spans(), { name: 'tools/call roll', kind, resource: { 'service.name': 'host' } })),
  );
  if (server.parentSpanId !== client.spanId) throw new Error('the SERVER span is not a child of the CLIENT span');
  await receiver.waitFor(({ metricPoints }) =>
    ['server', 'client'].map((side) =>
      expectHistogramPoint(metricPoints(), { metric: `mcp.${side}.operation.duration`, attributes: { 'mcp.method.name': 'tools/call' } }),
    ),
  );
} catch (error) {
  process.stderr.write(output);
  throw error;
} finally {
  await receiver.close();
}
