import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../setup/throwawayServer.js';

let postgres: ThrowawayServer;
let server: ServerProcess;
let client: Client;
let adminUrl: string;

beforeAll(async () => {
  postgres = await startThrowawayPostgres();
  server = startServer([], {
    DATABASE_URL: postgres.url,
    HANDOFF_HTTP_PORT: '0',
    HANDOFF_ADMIN_PORT: '0',
    HANDOFF_PG_CONNECT_TIMEOUT_MS: '500',
    HANDOFF_JOBS_ENABLED: 'false',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'prometheus',
  });
  const listening = await server.logged('handoff.http.listening');
  adminUrl = String(listening['adminUrl']);
  client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(String(listening['url']))));
});
afterAll(async () => {
  await client.close();
  await server.kill('SIGKILL');
  await postgres.stop();
});

async function call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { content } = await client.callTool({ name, arguments: args });
  const [item] = content as { readonly text: string }[];
  return JSON.parse(item?.text ?? '{}') as Record<string, unknown>;
}

/** Adds an entry and returns its number. */
async function numberOf(content: string): Promise<number> {
  const { contextEntry } = await call('update_context', { sessionKey: 'outage', contextType: 'message', content });
  return (contextEntry as { readonly sequenceNumber: number }).sequenceNumber;
}

const metrics = async (): Promise<string> => (await fetch(`${adminUrl}/metrics`)).text();
const isOpen = async (): Promise<boolean> => /handoff_breaker_state\{[^}]*handoff_circuit_state="open"[^}]*\} 1/.test(await metrics());

it('a server whose database is away says at once when to try again, tells the truth about itself, and goes on when it is back', async () => {
  expect(await call('register_session', { sessionKey: 'outage', agentFrom: 'a' })).toMatchObject({ success: true });
  const before = await numberOf('before');
  expect(await isOpen()).toBe(false);
  await postgres.kill9();
  await Promise.all(Array.from({ length: 8 }, () => call('get_summary', { sessionKey: 'outage' })));
  await expect.poll(isOpen, { interval: 50 }).toBe(true);
  await server.logged('handoff.breaker.opened');

  const startMs = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => call('update_context', { sessionKey: 'outage', contextType: 'message', content: 'x' })),
  );
  expect(performance.now() - startMs).toBeLessThan(3000);
  for (const answer of answers)
    expect(answer).toMatchObject({ success: false, code: 'HANDOFF_DATABASE_UNAVAILABLE', retryAfterMs: expect.any(Number) as number });
  expect((await fetch(`${adminUrl}/readyz`)).status).toBe(503);

  await postgres.start();
  await server.logged('handoff.breaker.closed');
  // The first call is served, and none of the refused ones took effect.
  expect(await numberOf('after')).toBe(before + 1);
  expect(await isOpen()).toBe(false);
  await expect.poll(async () => (await fetch(`${adminUrl}/readyz`)).status).toBe(200);
});
