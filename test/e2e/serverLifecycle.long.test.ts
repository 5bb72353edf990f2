import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver, ReceiverBehaviour } from '../../src/testing.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { serverEnv, startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';
import { expectWithin } from '../setup/expectWithin.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const FLUSH_TIMEOUT_MS = 2000;
/** On top of the flush bound: closing of storage and the process's own end. */
const SLACK_MS = 2500;

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
async function busyServer(sessionKey: string, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = startServer(['--stdio'], {
    DATABASE_URL: database.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    OTEL_BLRP_SCHEDULE_DELAY: '60000',
    OTEL_METRIC_EXPORT_INTERVAL: '60000',
    ...env,
  });
  server.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  });
  await server.answer(1);
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  server.send({
    jsonrpc: '2.0',
    id: 2,
    method: 'tools/call',
    params: { name: 'register_session', arguments: { sessionKey, agentFrom: 'a' } },
  });
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
    const server = await busyServer(`deliver ${name}`, { HANDOFF_FLUSH_TIMEOUT_MS: '20000' });
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
    expectWithin(performance.now() - startMs, FLUSH_TIMEOUT_MS, SLACK_MS);
    expect(code).toBe(0);
    receiver.respond('ok');
  });
});

describe('requests under way at the end', () => {
  it.each(endings)('are answered if they took effect: %s', async (name, end) => {
    const server = await busyServer(`hasty ${name}`);
    const ids = Array.from({ length: 20 }, (_, n) => `last ${n}`);
    for (const id of ids) {
      server.send({
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: { name: 'update_context', arguments: { sessionKey: `hasty ${name}`, contextType: 'message', content: id } },
      });
    }
    // A signal overtakes what is still in the pipe; the end of stdin does not.
    const sent = name === 'stdin end' ? ids : ids.slice(0, 1);
    if (name !== 'stdin end') await server.answer('last 0');
    expect((await end(server)).code).toBe(0);
    const answered = server.stdout.map((line) => JSON.parse(line) as { id: string }).filter(({ id }) => ids.includes(id));
    expect(answered.map(({ id }) => id)).toEqual(expect.arrayContaining(sent));
    expect(await entriesOf(`hasty ${name}`)).toBe(1 + answered.length);
  });
});

/** Entries a session has in the database, whoever was told of them. */
async function entriesOf(sessionKey: string): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ entries: number }>(
      'SELECT count(*)::int AS entries FROM context_history JOIN sessions ON sessions.id = session_id WHERE session_key = $1',
      [sessionKey],
    );
    return rows[0]?.entries ?? 0;
  } finally {
    await client.end();
  }
}

describe('configuration that cannot be used', () => {
  it('ends with exit code 2 and one message that lists every problem', () => {
    const env = serverEnv({ DATABASE_URL: 'mysql://u:sesame@h/d', HANDOFF_PG_POOL_SIZE: 'many', HANDOFF_LOG_LEVEL: 'loud' });
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'serve', '--stdio'], { env, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    for (const expected of [
      'DATABASE_URL',
      'HANDOFF_PG_POOL_SIZE: "many" was given, but it must be a whole number from 1 to 200 (connections)',
      'HANDOFF_LOG_LEVEL',
    ])
      expect(stderr).toContain(expected);
    expect(stderr).not.toContain('sesame');
  });

  it('names unknown commands and options, with exit code 2', () => {
    for (const args of [['frobnicate'], ['serve', '--loudly'], []]) {
      const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { env: serverEnv({}), encoding: 'utf8' });
      expect(status, args.join(' ')).toBe(2);
      expect(stderr).toContain('Usage');
    }
  });

  it('ends as usual when nobody reads what it prints', async () => {
    const child = spawn(process.execPath, [cli, '--help'], { env: serverEnv({}), stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ code: code as unknown, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('says what to do when the port is taken, with exit code 1 and no stack', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const env = serverEnv({
      DATABASE_URL: database.url,
      HANDOFF_HTTP_PORT: String(port),
      OTEL_SDK_DISABLED: 'true',
      HANDOFF_LOG_LEVEL: 'silent',
    });
    const { status, stderr } = spawnSync(process.execPath, [cli, 'serve'], { env, encoding: 'utf8' });
    other.close();
    expect(stderr).toBe(
      `handoff-otel serve: MCP cannot be served at 127.0.0.1:${port} (EADDRINUSE). Another process is using the port, perhaps another handoff-otel: end it, or set HANDOFF_HTTP_PORT to a free port, or 0.\n`,
    );
    expect(status).toBe(1);
  });

  it('says what is wrong when the database cannot be reached, with exit code 1', () => {
    const env = serverEnv({
      DATABASE_URL: 'postgres://u:sesame@127.0.0.1:1/d',
      HANDOFF_PG_CONNECT_TIMEOUT_MS: '500',
      OTEL_SDK_DISABLED: 'true',
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'serve', '--stdio'], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/database/i);
    expect(stderr).not.toContain('sesame');
  });
});
