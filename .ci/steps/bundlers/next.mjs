// Starts what `next build` produced, calls the tool of its route, and expects the SERVER span of the call at the receiver.
import { spawn } from 'node:child_process';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expectHistogramPoint, expectOneSpan, startOtlpReceiver } from 'handoff-otel/testing';

const receiver = await startOtlpReceiver();
const env = {
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_EXPORTER_PROMETHEUS_PORT: '0',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
};
const next = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', 'next', '--hostname', '127.0.0.1', '--port', '0'], {
  env,
});
let output = '';
const address = await new Promise((resolve, reject) => {
  const listen = (text) => {
    output += text;
    const [found] = /http:\/\/127\.0\.0\.1:\d+/u.exec(output) ?? [];
    if (found !== undefined && /Ready/u.test(output)) resolve(found);
  };
  next.stdout.on('data', listen);
  next.stderr.on('data', listen);
  next.on('exit', () => reject(new Error(`next start ended:\n${output}`)));
});
try {
  const client = new Client({ name: 'bundlers', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL('/call', address)));
  await client.callTool({ name: 'roll', arguments: { sides: 6 } });
  await client.close();
  await receiver.waitFor(({ spans }) =>
    expectOneSpan(spans(), { name: 'tools/call roll', kind: 'SERVER', resource: { 'service.name': 'next-app' } }),
  );
  await receiver.waitFor(({ metricPoints }) =>
    expectHistogramPoint(metricPoints(), { metric: 'mcp.server.operation.duration', attributes: { 'gen_ai.tool.name': 'roll' } }),
  );
  if (/handoff-otel:/u.test(output)) throw new Error('it printed a notice of handoff-otel');
} catch (error) {
  process.stderr.write(output);
  throw error;
} finally {
  next.removeAllListeners('exit');
  next.kill();
  await receiver.close();
}
process.exit();
