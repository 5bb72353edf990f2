import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneSpan, startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

const token = 'a-token-of-more-than-16-characters';

/** Asks for `/metrics` under another name: `fetch` does not let the Host header be set. */
function statusFor(base: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${base}/metrics`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

describe('serve over Streamable HTTP', () => {
  let database: FreshDatabase;
  let receiver: OtlpReceiver;
  let server: ServerProcess;
  let url: string;
  let adminUrl: string;

  beforeAll(async () => {
    database = await freshDatabase();
    receiver = await startOtlpReceiver();
    server = startServer([], {
      DATABASE_URL: database.url,
      HANDOFF_HTTP_PORT: '0',
      HANDOFF_ADMIN_PORT: '0',
      HANDOFF_HTTP_BEARER_TOKEN: token,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    const listening = await server.logged('handoff.http.listening');
    url = String(listening['url']);
    adminUrl = String(listening['adminUrl']);
  });

  afterAll(async () => {
    await server.kill('SIGKILL');
    await receiver.close();
    await database.drop();
  });

  const transport = (): StreamableHTTPClientTransport =>
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } });

  it.each([
    ['2025', undefined],
    ['2026-07-28', { mode: 'auto' as const }],
  ])('answers a client of the %s era, in an MCP span over tcp and http', async (era, versionNegotiation) => {
    const client = new Client({ name: 'e2e', version: '1' }, versionNegotiation === undefined ? {} : { versionNegotiation });
    await client.connect(transport());
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'register_session',
      'update_context',
      'request_handoff',
      'analyze_codebase',
      'list_sessions',
      'get_context',
      'get_summary',
      'list_handoffs',
      'accept_handoff',
      'reject_handoff',
      'complete_handoff',
      'get_analytics',
      'get_job_status',
      'run_job_now',
      'update_job_config',
    ]);
    const traceId = era === '2025' ? '11111111111111111111111111111111' : '22222222222222222222222222222222';
    const answer = await client.callTool({
      name: 'register_session',
      arguments: { sessionKey: `era ${era}`, agentFrom: 'a' },
      _meta: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    expect(answer.isError ?? false).toBe(false);
    await client.close();
    const span = await receiver.waitFor((received) => expectOneSpan(received.spans(), { traceId, kind: 'SERVER' }));
    expect(span.attributes).toMatchObject({
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'mcp.protocol.version': expect.stringMatching(era === '2025' ? /^2025-/ : /^2026-07-28$/),
    });
  });

  it('refuses a request without the token, from a foreign origin, for a foreign host, or too large', async () => {
    const post = (headers: Record<string, string>, body = '{}'): Promise<number> =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        body,
      }).then(({ status }) => status);
    expect(await post({})).toBe(401);
    expect(await post({ authorization: 'Bearer wrong-token-of-the-same-kind' })).toBe(401);
    expect(await post({ authorization: `Bearer ${token}`, origin: 'https://evil.example' })).toBe(403);
    expect(await post({ authorization: `Bearer ${token}` }, JSON.stringify('x'.repeat(5_000_000)))).toBe(413);
    expect(await server.logged('handoff.http.refused')).toMatchObject({
      'handoff.http.refusal.reason': 'token',
      'http.response.status_code': 401,
      'client.address': '127.0.0.1',
    });
    const counted = await (await fetch(`${adminUrl}/metrics`)).text();
    for (const [reason, status, count] of [
      ['token', 401, 2],
      ['origin', 403, 1],
      ['body_size', 413, 1],
    ]) {
      expect(counted).toMatch(
        new RegExp(
          `^handoff_http_refusals_total\\{handoff_http_refusal_reason="${reason}",http_response_status_code="${status}".*\\} ${count}$`,
          'm',
        ),
      );
    }
  });

  it('traces what it refuses before any server exists', async () => {
    const traceparent = '00-33333333333333333333333333333333-b7ad6b7169203331-01';
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2999-01-01',
      'mcp-method': 'tools/list',
      traceparent,
    };
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2999-01-01',
      'io.modelcontextprotocol/clientInfo': { name: 'e2e', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: envelope } }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: -32022 } });
    const span = await receiver.waitFor((received) =>
      expectOneSpan(received.spans(), { traceId: '33333333333333333333333333333333', kind: 'SERVER' }),
    );
    expect(span).toMatchObject({
      name: 'tools/list',
      attributes: { 'error.type': '-32022', 'rpc.response.status_code': '-32022', 'mcp.protocol.version': '_OTHER' },
    });
  });

  it('answers /metrics and /livez on the admin port only', async () => {
    const metrics = await fetch(`${adminUrl}/metrics`);
    expect(metrics.status).toBe(200);
    const text = await metrics.text();
    expect(text).toMatch(/^mcp_server_operation_duration_seconds_bucket\{/m);
    expect(text).toMatch(/^handoff_operation_duration_seconds_count\{/m);
    expect(await (await fetch(`${adminUrl}/livez`)).text()).toBe('ok\n');
    expect((await fetch(`${adminUrl}/other`)).status).toBe(404);
    expect(await statusFor(adminUrl, 'evil.example')).toBe(403);
    expect((await fetch(new URL('/metrics', url))).status).toBe(404);
  });

  it('reports a taken admin port and serves on', async () => {
    const second = startServer([], {
      DATABASE_URL: database.url,
      HANDOFF_HTTP_PORT: '0',
      HANDOFF_ADMIN_PORT: new URL(adminUrl).port,
      OTEL_SDK_DISABLED: 'true',
    });
    await second.logged('handoff.admin.unavailable');
    const listening = await second.logged('handoff.http.listening');
    const client = new Client({ name: 'e2e', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(String(listening['url']))));
    expect((await client.listTools()).tools).toHaveLength(15);
    await client.close();
    expect(await second.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('ends with exit code 0 on SIGTERM', async () => {
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
