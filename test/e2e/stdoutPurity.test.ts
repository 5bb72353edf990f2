import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';

/** A port on which nothing listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('every stdout line is JSON-RPC while logs, errors, a dead collector and a dead Redis are provoked', async () => {
  const database = await freshDatabase();
  const port = await deadPort();
  const server = startServer(['--stdio'], {
    DATABASE_URL: database.url,
    REDIS_URL: `redis://127.0.0.1:${port}`,
    HANDOFF_LOG_LEVEL: 'trace',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_LOG_LEVEL: 'debug',
    OTEL_TRACES_EXPORTER: 'otlp,console',
    OTEL_METRICS_EXPORTER: 'otlp,console',
    OTEL_LOGS_EXPORTER: 'otlp,console',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    HANDOFF_UNKNOWN_SETTING: 'x',
  });
  const call = (id: number, name: string, args: unknown): void =>
    server.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
  server.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  });
  await server.answer(1);
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  server.send('this is not JSON');
  server.send('{"jsonrpc":"2.0"');
  server.send({ jsonrpc: '2.0', id: 2, method: 'no/such/method' });
  call(3, 'register_session', { sessionKey: 'k', agentFrom: 'a' });
  await server.answer(3);
  call(4, 'register_session', { sessionKey: 'k', agentFrom: 'a' });
  call(5, 'update_context', { sessionKey: 'k', contextType: 'message', content: 'x'.repeat(100_000) });
  call(6, 'update_context', { sessionKey: 'k', contextType: 7, content: '\0' });
  call(7, 'request_handoff', { sessionKey: 'k', targetAgent: 'b' });
  call(8, 'no_such_tool', {});
  server.send({ jsonrpc: '2.0', id: 9, method: 'resources/read', params: { uri: 'handoff://context/nobody' } });
  await Promise.all([2, 4, 5, 6, 7, 8, 9].map((id) => server.answer(id)));
  // Long enough for several failing exports and reconnects to have something to say.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const end = await server.end();
  await database.drop();

  expect(end).toEqual({ code: 0, signal: null });
  const foreign = server.stdout.filter((line) => {
    try {
      return (JSON.parse(line) as { jsonrpc?: unknown }).jsonrpc !== '2.0';
    } catch {
      return true;
    }
  });
  expect(foreign).toEqual([]);
  expect(server.stdout.length).toBeGreaterThanOrEqual(9);
  // The provocations happened: what must not be on stdout is on stderr.
  expect(server.stderr.some((line) => line.includes('handoff.cache.failed'))).toBe(true);
  // Named once, and not by the server and by its telemetry.
  const naming = server.stderr.filter((line) => line.includes('HANDOFF_UNKNOWN_SETTING'));
  expect(naming).toEqual([expect.stringContaining('handoff.config.unknown_keys')]);
  expect(server.stderr.length).toBeGreaterThan(10);
});
