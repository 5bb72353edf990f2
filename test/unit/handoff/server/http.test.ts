import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnalyticsType } from '../../../../src/handoff/analytics/answers/analyticsTypes.js';
import type { AnalyticsRequest } from '../../../../src/handoff/analytics/answers/request.js';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { serveHandoffHttp } from '../../../../src/handoff/server/http.js';
import { LOOPBACK_NAMES } from '../../../../src/handoff/server/loopback.js';
import type { HttpOptions } from '../../../../src/handoff/server/http.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { session } from '../sessions/samples.js';
import { FakeSessions, LIMITS } from './fakeSessions.js';
import { INITIALIZE, JSON_HEADERS, raw } from './rawHttp.js';
import type { RawRequest } from './rawHttp.js';

const TOKEN = '0123456789abcdef';

let fake: FakeSessions;
let warnings: object[];
let listening: Listening | undefined;
const clients: Client[] = [];

beforeEach(() => {
  fake = new FakeSessions({ register: () => ({ kind: 'registered', session }), list: () => ({ items: [session], cursors: ['c'] }) });
  warnings = [];
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await listening?.close(0);
  listening = undefined;
});

async function serve(overrides: Partial<HttpOptions> = {}): Promise<Listening> {
  listening = await serveHandoffHttp({
    makeServer: handoffServerFactory({ sessions: fake.sessions, limits: LIMITS, version: '9.9.9' }),
    log: { info: () => undefined, warn: (fields) => void warnings.push(fields), error: () => undefined },
    host: '127.0.0.1',
    port: 0,
    allowedHosts: LOOPBACK_NAMES,
    allowedOrigins: LOOPBACK_NAMES,
    maxBodyBytes: 4096,
    ...overrides,
  });
  return listening;
}

async function connect(
  url: string,
  options: ConstructorParameters<typeof Client>[1] = {},
  headers: Record<string, string> = {},
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' }, options);
  clients.push(client);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

describe.each([
  ['2025', {}, '2025-11-25'],
  ['2026', { versionNegotiation: { mode: { pin: '2026-07-28' } } }, '2026-07-28'],
  ['auto', { versionNegotiation: { mode: 'auto' } }, '2026-07-28'],
] as const)('a client of era %s', (_era, options, version) => {
  it('lists, calls and reads', async () => {
    const { url, port } = await serve();
    expect(url).toBe(`http://127.0.0.1:${port}/mcp`);
    const client = await connect(url, options);
    expect(client.getNegotiatedProtocolVersion()).toBe(version);
    expect(client.getServerVersion()).toMatchObject({ name: 'ai-handoff-mcp', version: '9.9.9' });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
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
    ]);
    expect(await client.callTool({ name: 'register_session', arguments: { sessionKey: 'k', agentFrom: 'a' } })).toMatchObject({
      content: [{ type: 'text', text: expect.stringContaining('Session registered successfully') }],
    });
    expect(await client.callTool({ name: 'register_session', arguments: {} })).toMatchObject({ isError: true });
    expect((await client.readResource({ uri: 'handoff://sessions?limit=3' })).contents).toMatchObject([
      { uri: 'handoff://sessions?limit=3', text: expect.stringContaining('checkout-42') },
    ]);
    await expect(client.readResource({ uri: 'handoff://jobs' })).rejects.toMatchObject({ code: -32602 });
    expect(fake.calls).toEqual([
      ['register', { sessionKey: 'k', agentFrom: 'a', metadata: {} }],
      ['list', { limit: 3 }],
    ]);
  });

  it('asks for analytics, by the tool and by the resource, whose types are completed', async () => {
    const answer = async (type: AnalyticsType, { from }: AnalyticsRequest) => ({ type, granularity: 'hour' as const, from });
    const makeServer = handoffServerFactory({ sessions: fake.sessions, analytics: { answer }, limits: LIMITS, version: '9.9.9' });
    const client = await connect((await serve({ makeServer })).url, options);
    const called = await client.callTool({ name: 'get_analytics', arguments: { type: 'context', from: '2d' } });
    expect(JSON.parse((called.content as { text: string }[])[0]?.text ?? '')).toEqual({
      success: true,
      type: 'context',
      granularity: 'hour',
      from: '2d',
    });
    const uri = 'handoff://analytics/handoffs?from=2026-05-01T00:00:00+02:00';
    const { contents } = await client.readResource({ uri });
    expect(contents).toMatchObject([{ uri, mimeType: 'application/json', text: expect.stringContaining('"2026-05-01T00:00:00+02:00"') }]);
    const ref = { type: 'ref/resource', uri: 'handoff://analytics/{type}{?from,to,timeZone,granularity,groupBy,maxGroups}' } as const;
    const { completion } = await client.complete({ ref, argument: { name: 'type', value: 're' } });
    expect(completion.values).toEqual(['resources', 'recommendations']);
  });

  it('comes in with the bearer token only', async () => {
    const { url } = await serve({ bearerToken: TOKEN });
    await expect(connect(url, options)).rejects.toThrow();
    await expect(connect(url, options, { authorization: 'Bearer wrong' })).rejects.toThrow();
    const client = await connect(url, options, { authorization: `Bearer ${TOKEN}` });
    expect((await client.listTools()).tools).toHaveLength(11);
  });
});

describe('guards', () => {
  const initialize = (headers: Record<string, string>): RawRequest => ({ headers: { ...JSON_HEADERS, ...headers }, body: INITIALIZE });

  it.each([
    ['its own address', {}, 200],
    ['localhost with any port', { host: 'localhost:1234' }, 200],
    ['IPv6 loopback', { host: '[::1]:3000' }, 200],
    ['a rebound name', { host: 'evil.example' }, 403],
    ['a name that only begins right', { host: 'localhost.evil.example' }, 403],
    ['a Host that is no name', { host: '][' }, 403],
    ['a page of its own', { origin: 'http://localhost:8080' }, 200],
    ['a foreign page', { origin: 'https://evil.example' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['an origin that is none', { origin: '::' }, 403],
  ])('a request from %s (%j) gets %d', async (_what, headers, status) => {
    const { port } = await serve();
    const answer = await raw(port, initialize(headers));
    expect(answer.status).toBe(status);
    if (status === 403) expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) }, id: null });
  });

  it('accept the names they are given instead', async () => {
    const { port } = await serve({ allowedHosts: ['mcp.example'], allowedOrigins: ['app.example'] });
    expect((await raw(port, initialize({ host: 'mcp.example', origin: 'https://app.example' }))).status).toBe(200);
    expect((await raw(port, initialize({ host: 'localhost' }))).status).toBe(403);
  });

  it('ask for the token before they read the body', async () => {
    const { port } = await serve({ bearerToken: TOKEN });
    const answer = await raw(port, { headers: { ...JSON_HEADERS, 'content-length': 10_000_000 }, body: ['x'] });
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  });

  it.each(['/', '/mcp/', '/mcpx', '/MCP', '/metrics', '//mcp', '/mcp%2f', '/x?/mcp'])('refuse path %s with 404', async (path) => {
    const { port } = await serve();
    const answer = await raw(port, { ...initialize({}), path });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toEqual({
      jsonrpc: '2.0',
      error: { code: -32000, message: 'Not found. MCP is served at /mcp.' },
      id: null,
    });
  });

  it('let a query pass', async () => {
    const { port } = await serve();
    expect((await raw(port, { ...initialize({}), path: '/mcp?x=1' })).status).toBe(200);
  });
});

describe('a body that is too large', () => {
  const large = INITIALIZE.replace('"raw"', JSON.stringify('x'.repeat(5000)));

  it('is refused with 413 when it announces itself', async () => {
    const { port } = await serve();
    const answer = await raw(port, { headers: JSON_HEADERS, body: large });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('larger than 4096 bytes');
  });

  it('is refused with 413 when it comes in pieces, and the server goes on', async () => {
    const { port } = await serve();
    const answer = await raw(port, { headers: JSON_HEADERS, body: [large.slice(0, 3000), large.slice(3000)] });
    expect(answer.status).toBe(413);
    expect((await raw(port, { headers: JSON_HEADERS, body: INITIALIZE })).status).toBe(200);
  });
});

describe('what is not MCP', () => {
  it.each([
    ['no JSON', { headers: JSON_HEADERS, body: '{"jsonrpc"' }, 400],
    ['an empty body', { headers: JSON_HEADERS, body: '' }, 400],
    ['JSON that is no message', { headers: JSON_HEADERS, body: '{"hello":1}' }, 400],
    [
      'arguments that are no object',
      {
        headers: JSON_HEADERS,
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"register_session","arguments":"k"}}',
      },
      200,
    ],
    ['another content type', { headers: { ...JSON_HEADERS, 'content-type': 'text/plain' }, body: INITIALIZE }, 415],
    ['a client that takes no answer we have', { headers: { ...JSON_HEADERS, accept: 'text/html' }, body: INITIALIZE }, 406],
  ] as const)('%s is answered as an error, and changes nothing', async (_what, request, status) => {
    const { port } = await serve();
    const answer = await raw(port, request);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('"error"');
    expect(fake.calls).toEqual([]);
  });

  it('nested a million levels deep does not end the server', async () => {
    const { port } = await serve({ maxBodyBytes: 4_000_000 });
    const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"register_session","arguments":{"sessionKey":"k","agentFrom":"a","metadata":${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}}}}`;
    const answer = await raw(port, { headers: JSON_HEADERS, body: deep });
    expect(answer.text).toMatch(/nested deeper than 32 levels|"error"/);
    expect(fake.calls).toEqual([]);
    expect((await raw(port, { headers: JSON_HEADERS, body: INITIALIZE })).status).toBe(200);
  });
});
