import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { startBlackHole } from '../setup/blackHole.js';
import type { BlackHole } from '../setup/blackHole.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../setup/throwawayServer.js';

const STATEMENT_TIMEOUT_MS = 1000;
const SHUTDOWN_TIMEOUT_MS = 500;
const FLUSH_TIMEOUT_MS = 2000;
/** Waiting for calls, for storage and for telemetry, and what a loaded machine adds. */
const END_BOUND_MS = SHUTDOWN_TIMEOUT_MS + 1000 + FLUSH_TIMEOUT_MS + 4000;

let postgres: ThrowawayServer;
let hole: BlackHole;
let receiver: OtlpReceiver;

beforeAll(async () => {
  postgres = await startThrowawayPostgres();
  hole = await startBlackHole(postgres.port);
  receiver = await startOtlpReceiver();
});
afterEach(async () => {
  hole.pass();
  await postgres.resume();
});
afterAll(async () => {
  await receiver.close();
  await hole.close();
  await postgres.stop();
});

async function busyServer(sessionKey: string): Promise<ServerProcess> {
  const url = new URL(postgres.url);
  url.port = String(hole.port);
  const server = startServer(['--stdio'], {
    DATABASE_URL: url.href,
    HANDOFF_PG_STATEMENT_TIMEOUT_MS: String(STATEMENT_TIMEOUT_MS),
    HANDOFF_PG_CONNECT_TIMEOUT_MS: '10000',
    HANDOFF_SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
    HANDOFF_FLUSH_TIMEOUT_MS: String(FLUSH_TIMEOUT_MS),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    OTEL_BLRP_SCHEDULE_DELAY: '60000',
  });
  server.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  });
  await server.answer(1);
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  register(server, 2, sessionKey);
  await server.answer(2);
  return server;
}

function register(server: ServerProcess, id: number, sessionKey: string): void {
  server.send({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'register_session', arguments: { sessionKey, agentFrom: 'a' } },
  });
}

const faults: readonly [string, () => Promise<void> | void][] = [
  ['is stopped', () => postgres.pause()],
  ['is behind a black hole', () => hole.swallow()],
];

describe.each(faults)('while PostgreSQL %s', (name, begin) => {
  it('a call on an open connection is answered soon after the statement limit, and SIGTERM ends the process with its telemetry sent', async () => {
    receiver.reset();
    const server = await busyServer(`answered ${name}`);
    await begin();
    const startMs = performance.now();
    register(server, 3, `hung ${name}`);
    const answer = await server.answer(3);
    expect(performance.now() - startMs).toBeLessThan(STATEMENT_TIMEOUT_MS + 2000 + 4000);
    expect(answer).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringContaining('HANDOFF_DATABASE_INTERRUPTED') }] },
    });
    const { code } = await timely(() => server.kill('SIGTERM'));
    expect(code).toBe(0);
    expect(receiver.spans().map((span) => span.name)).toContain('tools/call register_session');
  }, 60_000);

  it('SIGTERM in the middle of a call ends the process within its bound, with its telemetry sent', async () => {
    receiver.reset();
    const server = await busyServer(`ended ${name}`);
    await begin();
    register(server, 3, `hung at the end ${name}`);
    register(server, 4, `waiting at the end ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { code } = await timely(() => server.kill('SIGTERM'));
    expect(code).toBe(0);
    expect(receiver.spans().map((span) => span.name)).toContain('tools/call register_session');
  }, 60_000);
});

async function timely<T>(end: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  const outcome = await Promise.race([
    end(),
    new Promise<never>((_resolve, reject) => setTimeout(reject, 30_000, new Error('still running'))),
  ]);
  expect(performance.now() - startMs).toBeLessThan(END_BOUND_MS);
  return outcome;
}
