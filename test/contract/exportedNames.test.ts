import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MetricAttribute, MetricDefinition } from '../../src/telemetry/catalogue/definitions.js';
import { domains } from '../../src/telemetry/catalogue/domains.js';
import { startOtlpReceiver } from '../../src/testing.js';
import type { MetricPoint, OtlpReceiver } from '../../src/testing.js';
import { runProcess } from '../integration/instrumentation/instrumentedProcess.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { HOST } from './hostProgram.js';
import { serverEnv, startServer } from '../setup/serverProcess.js';
import { redisUrl } from '../setup/services.js';
import { modernRequest } from '../unit/instrumentation/mcp/modern.js';

// The catalogue is what dashboards and rules are made from. Here running processes are made to emit all of it: what they send is in the
// catalogue as it is sent, and nothing is in the catalogue that nobody ever sends.

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const catalogue = new Map<string, MetricDefinition>(
  domains.flatMap(({ metrics = [] }) => metrics).map((definition) => [definition.name, definition]),
);

/** An instrumented program: an MCP client that starts a stdio server, and a pool of pg whose callers wait too long. */
const CLIENT = `
import { instrument } from './src/instrumentation/instrument.ts';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import pg from 'pg';
import { pino } from 'pino';
import { createHandoffServices, createMemoryCache, createPostgresDatabase } from './src/services.ts';
import { systemClock } from './src/time/clock.ts';
const telemetry = instrument({ serviceName: 'client' });
const client = telemetry.instrumentClient(new Client({ name: 'client', version: '1' }));
const { command, args, env } = JSON.parse(process.env.SERVER);
await client.connect(new StdioClientTransport({ command, args, env, stderr: 'ignore' }));
for (const [name, given] of [
  ['register_session', { sessionKey: 'k', agentFrom: 'a' }],
  ['update_context', { sessionKey: 'k', contextType: 'message', content: 'text' }],
  ['get_context', { sessionKey: 'k' }],
  ['get_context', { sessionKey: 'none' }],
  ['list_sessions', {}],
  ['get_summary', { sessionKey: 'k' }],
  ['analyze_codebase', { sessionKey: 'k', filePaths: ['src/index.ts', 'none.ts'] }],
  ['request_handoff', { sessionKey: 'k', targetAgent: 'b', requestType: 'full_handoff' }],
  ['list_handoffs', { agent: 'b' }],
  ['accept_handoff', { sessionKey: 'k', agent: 'b' }],
  ['reject_handoff', { sessionKey: 'k', agent: 'b' }],
  ['complete_handoff', { sessionKey: 'k', agent: 'b' }],
  ['no_such_tool', {}],
]) await client.callTool({ name, arguments: given }).catch(() => undefined);
await client.readResource({ uri: 'handoff://lifecycle/k' });
await client.close();
const machine = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
const database = await createPostgresDatabase({ connectionString: env.DATABASE_URL }, machine);
const cache = await createMemoryCache({ maxEntries: 1, maxBytes: 1000 }, machine);
const log = pino(pino.destination('/dev/null'));
const defaults = { intervalMs: 3_600_000, maxRetries: 0, retryDelayMs: 0 };
const services = (schema, mayInstall) => createHandoffServices({
  database, cache, log, tracer: telemetry.tracer, meter: telemetry.meter,
  jobs: { schema, mayInstall, definitions: [{ name: 'job', description: 'A job.', defaults, run: async () => ({}) }] },
});
const [working, failing] = [services('its_jobs', true), services('no_jobs', false)];
working.start();
failing.start();
while ((await working.jobs.status()).job.stats.successfulRuns === 0) await systemClock.sleep(50);
await working.jobs.runNow('job');
await working.jobs.configure('job', { maxRetries: 1 });
await telemetry.flush();
await Promise.all([working.stop(), failing.stop()]);
await database.close();
const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 1 });
const held = await pool.connect();
await held.query('SELECT 1');
pool.options.connectionTimeoutMillis = 20;
await pool.connect().catch(() => undefined);
held.release();
await telemetry.flush();
await pool.end();
globalThis.gc();
await new Promise((resolve) => setTimeout(resolve, 200));
await telemetry.shutdown();
`;

let database: FreshDatabase;
let receiver: OtlpReceiver;
let points: readonly MetricPoint[];

beforeAll(async () => {
  database = await freshDatabase();
  receiver = await startOtlpReceiver();
  const env = serverEnv({
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl(),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    HANDOFF_CODEBASE_ROOTS: process.cwd(),
  });
  // Its checks find what they find; its probe is sent all the same.
  const doctor = once(spawn(process.execPath, [cli, 'doctor', '--stdio'], { env: serverEnv(env), stdio: 'ignore' }), 'close');
  const client = await runProcess({
    code: CLIENT,
    flags: ['--expose-gc'],
    env: {
      SERVER: JSON.stringify({
        command: process.execPath,
        args: [cli, 'serve', '--stdio'],
        // Nothing can be in a device.
        env: { ...env, HANDOFF_LOG_FILE: '/dev/null/server.log' },
      }),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    },
  });
  expect([client.code, client.stderr]).toEqual([0, '']);

  // Nothing listens on port 1: one part is surely not well, and says why.
  const broken = { REDIS_URL: 'redis://127.0.0.1:1', HANDOFF_MISSPELT: '1' };
  const server = startServer([], { ...env, ...broken, HANDOFF_HTTP_PORT: '0', HANDOFF_ADMIN_PORT: '0' });
  const { url: listening, adminUrl } = await server.logged('handoff.http.listening');
  const url = String(listening);
  expect(await (await fetch(new URL('/health', String(adminUrl)))).json()).toMatchObject({ status: 'warn' });
  await subscribeAndLeave(url);
  expect((await fetch(new URL('/elsewhere', url))).status).toBe(404);
  await server.kill('SIGTERM');
  await doctor;
  const folder = mkdtempSync(join(tmpdir(), 'handoff-names-'));
  const host = await runProcess({
    code: HOST,
    flags: [],
    env: { DATABASE_URL: database.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ARCHIVE_FOLDER: folder },
  });
  rmSync(folder, { recursive: true });
  expect(host.code, host.stderr).toBe(0);
  points = receiver.metricPoints();
});

afterAll(async () => {
  await receiver.close();
  await database.drop();
});

/** Opens a subscriptions/listen stream, waits for its acknowledgement and hangs up. */
async function subscribeAndLeave(url: string): Promise<void> {
  const { method, headers, body } = modernRequest({
    id: 's',
    method: 'subscriptions/listen',
    params: { notifications: { toolsListChanged: true } },
  });
  const abort = new AbortController();
  const answer = await fetch(url, { method, headers, body: await new Response(body).text(), signal: abort.signal });
  const first = await answer.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toContain('acknowledged');
  abort.abort();
}

it('sends every metric of the catalogue, and no other', () => {
  expect([...new Set(points.map(({ metric }) => metric))].sort()).toEqual([...catalogue.keys()].sort());
});

it('sends each with the kind, unit and buckets of the catalogue', () => {
  const described = (point: MetricPoint): unknown => [
    point.metric,
    point.unit,
    point.kind === 'sum' ? (point.monotonic ? 'counter' : 'upDownCounter') : point.kind,
    point.kind === 'histogram' ? point.explicitBounds : undefined,
  ];
  const expected = ({ metric }: MetricPoint): unknown => {
    const { name, unit, kind, buckets } = catalogue.get(metric) ?? {};
    return [name, unit, kind, buckets];
  };
  expect(points.length).toBeGreaterThan(0);
  expect(points.map(described)).toEqual(points.map(expected));
});

it('sends only attributes and values of the catalogue', () => {
  const strays = points.flatMap(({ metric, attributes }) =>
    Object.entries(attributes)
      .filter(([key, value]) => !isAllowed(catalogue.get(metric)?.attributes ?? [], key, value))
      .map(([key, value]) => `${metric} ${key}=${JSON.stringify(value)}`),
  );
  expect([...new Set(strays)]).toEqual([]);
});

function isAllowed(attributes: readonly MetricAttribute[], key: string, value: unknown): boolean {
  const values = attributes.find((attribute) => attribute.key === key)?.values;
  return values !== undefined && (typeof values === 'string' || (values as readonly unknown[]).includes(value));
}

it('says who makes a metric: its instrumentation scope', () => {
  const makers = new Set(points.map(({ metric, scope }) => `${catalogue.get(metric)?.source} ${scope.name}`));
  expect([...makers].sort()).toEqual([
    'handoff-otel handoff-otel',
    'instrumentation-runtime-node @opentelemetry/instrumentation-runtime-node',
    'pg-boss handoff-otel',
  ]);
});

it('writes only log events of the catalogue, with their level', () => {
  const events = domains.flatMap(({ events = [], operations = [] }) => [
    ...events.map(({ name, level }) => [name, [level]] as const),
    ...operations.map(({ name }) => [name, ['info', 'warn', 'error']] as const),
  ]);
  const known = new Map<string, readonly string[]>(events);
  const written = receiver
    .logRecords()
    .map(({ eventName = 'none', severityText = '' }) => ({ eventName, level: severityText.toLowerCase() }));
  expect(written.filter(({ eventName, level }) => known.get(eventName)?.includes(level) !== true)).toEqual([]);
  expect(new Set(written.map(({ eventName }) => eventName))).toEqual(
    new Set([
      ...domains.flatMap(({ operations = [] }) => operations.map(({ name }) => name)),
      'handoff.anomaly.began',
      'handoff.cache.failed',
      'handoff.config.unknown_keys',
      'handoff.job.engine_failed',
      'handoff.feature.degraded',
      'handoff.http.listening',
      'handoff.http.refused',
    ]),
  );
});
