import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { instrument } from '../../../../src/instrumentation/instrument.js';
import type { Instrumentation } from '../../../../src/instrumentation/handle.js';
import { latestPoints } from '../../../../src/testing/metricAssertions.js';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { OtlpReceiver } from '../../../../src/testing/receiverTypes.js';
import { databaseUrl } from '../../../setup/services.js';
import { connectInMemory, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';

let running: Instrumentation | undefined;

afterEach(async () => {
  await running?.shutdown();
  for (const key of Object.keys(process.env)) if (key.startsWith('OTEL_')) delete process.env[key];
});

function newest(receiver: OtlpReceiver, metric: string, attributes: Record<string, string>): unknown {
  const found = latestPoints(receiver.metricPoints()).filter(
    (point) => point.metric === metric && Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
  );
  return found.map((point) => ('value' in point ? point.value : undefined));
}

/** Calls a tool, and returns once the server has begun to handle it; `answer` lets it finish. */
async function callThatWaits({ instrumentServer }: Instrumentation) {
  const server = makeServer();
  const began = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  server.registerTool('wait', {}, async () => {
    began.resolve();
    await finish.promise;
    return { content: [] };
  });
  const { client } = await connectInMemory(instrumentServer(server));
  const call = client.callTool({ name: 'wait' });
  await began.promise;
  return { client, call, answer: finish.resolve };
}

it('what is observed has its last value when telemetry is shut down, and not that of the interval before', async () => {
  await using receiver = await startOtlpReceiver();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
  running = instrument({ exitHooks: false, prometheus: { enabled: false }, flushTimeoutMs: 20_000, modules: { pg } });
  const { client, call, answer } = await callThatWaits(running);
  const pool = new pg.Pool({ connectionString: databaseUrl(), max: 3 });
  const connection = await pool.connect();
  await running.flush();
  const open = (): unknown => newest(receiver, 'handoff.mcp.server.active_requests', { 'mcp.method.name': 'tools/call' });
  const used = (): unknown => newest(receiver, 'db.client.connection.count', { 'db.client.connection.state': 'used' });
  expect([open(), used()]).toEqual([[1], [1]]);
  answer();
  await call;
  await client.close();
  connection.release();
  await pool.end();
  await running.shutdown();
  expect([open(), used()]).toEqual([[0], [0]]);
});

it('a request that is open when telemetry is shut down is not reported as open for good', async () => {
  await using receiver = await startOtlpReceiver();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
  running = instrument({ exitHooks: false, prometheus: { enabled: false }, flushTimeoutMs: 20_000 });
  const { client, call, answer } = await callThatWaits(running);
  await running.flush();
  await running.shutdown();
  expect(newest(receiver, 'handoff.mcp.server.active_requests', { 'mcp.method.name': 'tools/call' })).toEqual([0]);
  answer();
  expect(await call).toEqual({ content: [] });
  await client.close();
});
