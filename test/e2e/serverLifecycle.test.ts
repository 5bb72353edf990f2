import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver, ReceiverBehaviour } from '../../src/testing.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { serverEnv, startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const FLUSH_TIMEOUT_MS = 2000;
/** Flush bound, closing of storage and the process's own end. */
const END_BOUND_MS = FLUSH_TIMEOUT_MS + 2500;

let database: FreshDatabase;
let receiver: OtlpReceiver;

beforeAll(async () => {
  database = await freshDatabase();
  receiver = await startOtlpReceiver();
});

afterAll(async () => {
  await receiver.close();
  await database.drop();
});

/** A server that has answered one tool call whose telemetry is still waiting to be sent. */
async function busyServer(sessionKey: string): Promise<ServerProcess> {
  const server = startServer(['--stdio'], { DATABASE_URL: database.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '60000', OTEL_BLRP_SCHEDULE_DELAY: '60000', OTEL_METRIC_EXPORT_INTERVAL: '60000' });
  server.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } } });
  await server.answer(1);
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  server.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'register_session', arguments: { sessionKey, agentFrom: 'a' } } });
  await server.answer(2);
  return server;
}

const endings: readonly [string, (server: ServerProcess) => ReturnType<ServerProcess['end']>][] = [
  ['stdin end', (server) => server.end()],
  ['SIGTERM', (server) => server.kill('SIGTERM')],
  ['SIGINT', (server) => server.kill('SIGINT')],
];

describe.each(endings)('ended by %s', (name, end) => {
  it('delivers the last span, log record and metric point', async () => {
    receiver.reset();
    receiver.respond('ok');
    const server = await busyServer(`deliver ${name}`);
    expect(receiver.spans()).toEqual([]);
    expect((await end(server)).code).toBe(0);
    expect(receiver.spans().map((span) => span.name)).toContain('tools/call register_session');
    expect(receiver.logRecords().map(({ body }) => body)).toContain('handoff.session.register');
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('mcp.server.operation.duration');
  });

  const broken: readonly [string, ReceiverBehaviour][] = [
    ['hangs', 'hang'],
    ['refuses', { refuseStatus: 503 }],
    ['cuts connections', 'reset'],
  ];
  it.each(broken)('ends within its bound when the collector %s', async (_what, behaviour) => {
    const server = await busyServer(`bound ${name} ${JSON.stringify(behaviour)}`);
    receiver.respond(behaviour);
    const startMs = performance.now();
    const { code } = await end(server);
    expect(performance.now() - startMs).toBeLessThan(END_BOUND_MS);
    expect(code).toBe(0);
    receiver.respond('ok');
  });
});

describe('configuration that cannot be used', () => {
  it('ends with exit code 2 and one message that lists every problem', () => {
    const env = serverEnv({ DATABASE_URL: 'mysql://u:sesame@h/d', HANDOFF_PG_POOL_SIZE: 'many', HANDOFF_LOG_LEVEL: 'loud' });
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'serve', '--stdio'], { env, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    for (const expected of ['DATABASE_URL', 'HANDOFF_PG_POOL_SIZE: given "many"; allowed: whole number from 1 to 200', 'HANDOFF_LOG_LEVEL']) expect(stderr).toContain(expected);
    expect(stderr).not.toContain('sesame');
  });

  it('names unknown commands and options, with exit code 2', () => {
    for (const args of [['frobnicate'], ['serve', '--loudly'], []]) {
      const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { env: serverEnv({}), encoding: 'utf8' });
      expect(status, args.join(' ')).toBe(2);
      expect(stderr).toContain('Usage');
    }
  });

  it('says what is wrong when the database cannot be reached, with exit code 1', () => {
    const env = serverEnv({ DATABASE_URL: 'postgres://u:sesame@127.0.0.1:1/d', HANDOFF_PG_CONNECT_TIMEOUT_MS: '500', OTEL_SDK_DISABLED: 'true' });
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'serve', '--stdio'], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/database/i);
    expect(stderr).not.toContain('sesame');
  });
});
