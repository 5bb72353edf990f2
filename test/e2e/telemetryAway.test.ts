import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../setup/freePort.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

let database: FreshDatabase;
let server: ServerProcess;
let client: Client;
let adminUrl: string;

beforeAll(async () => {
  database = await freshDatabase();
  server = startServer([], {
    DATABASE_URL: database.url,
    HANDOFF_HTTP_PORT: '0',
    HANDOFF_ADMIN_PORT: '0',
    HANDOFF_JOBS_ENABLED: 'false',
    HANDOFF_HEALTH_CHECK_INTERVAL_MS: '1000',
    // Nobody listens there.
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_BLRP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '500',
  });
  const listening = await server.logged('handoff.http.listening');
  adminUrl = String(listening['adminUrl']);
  client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(String(listening['url']))));
});
afterAll(async () => {
  await client.close();
  await server.kill('SIGKILL');
  await database.drop();
});

async function listed(): Promise<unknown> {
  const { content } = await client.callTool({ name: 'list_sessions', arguments: {} });
  const [item] = content as { readonly text: string }[];
  return JSON.parse(item?.text ?? '');
}

async function telemetryHealth(): Promise<{ readonly state?: string; readonly reason?: string }> {
  const document = (await (await fetch(`${adminUrl}/health`)).json()) as {
    readonly checks: { readonly telemetry?: readonly { readonly state: string; readonly reason?: string }[] };
  };
  return document.checks.telemetry?.[0] ?? {};
}

// Every answer of every server without a collector said that it was degraded, which is no concern of an agent.
it('answers are the same whether telemetry arrives or not, and only health tells it', async () => {
  const before = await listed();
  expect(before).not.toHaveProperty('degraded');
  await expect.poll(telemetryHealth).toMatchObject({ state: 'degraded', reason: 'not_delivered' });
  expect(await listed()).toEqual(before);
  expect((await fetch(`${adminUrl}/health`)).status).toBe(200);
});
