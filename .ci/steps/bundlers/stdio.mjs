// Runs a bundled stdio server, calls its tool, and expects one SERVER span and one point of its duration at the receiver.
//
//   node stdio.mjs <arguments of node>
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expectHistogramPoint, expectOneSpan, startOtlpReceiver } from 'handoff-otel/testing';

const args = process.argv.slice(2);
const receiver = await startOtlpReceiver();
const env = { PATH: process.env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
const client = new Client({ name: 'bundlers', version: '1.0.0' });
const transport = new StdioClientTransport({ command: process.execPath, args, env, stderr: 'pipe' });
let stderr = '';
transport.stderr?.on('data', (text) => (stderr += text));
try {
  await client.connect(transport);
  await client.callTool({ name: 'roll', arguments: { sides: 6 } });
  await client.close();
  await receiver.waitFor(({ spans }) => expectOneSpan(spans(), { name: 'tools/call roll', kind: 'SERVER' }));
  await receiver.waitFor(({ metricPoints }) =>
    expectHistogramPoint(metricPoints(), { metric: 'mcp.server.operation.duration', attributes: { 'gen_ai.tool.name': 'roll' } }),
  );
  if (/not (?:found|seen|started)/u.test(stderr)) throw new Error('it reports that something is missing');
} catch (error) {
  process.stderr.write(stderr);
  throw error;
} finally {
  await receiver.close();
}
process.exit();
