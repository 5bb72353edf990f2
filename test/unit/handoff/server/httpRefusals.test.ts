import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { serveHandoffHttp } from '../../../../src/handoff/server/http.js';
import type { HttpOptions } from '../../../../src/handoff/server/http.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { session } from '../sessions/samples.js';
import { FakeSessions } from './fakeSessions.js';
import { httpOptions } from './httpOptions.js';
import { INITIALIZE, JSON_HEADERS, raw } from './rawHttp.js';
import type { RawRequest } from './rawHttp.js';

const TOKEN = '0123456789abcdef';

let fake: FakeSessions;
let refused: { readonly reason: string; readonly status?: number }[];
let listening: Listening | undefined;

beforeEach(() => {
  fake = new FakeSessions({ register: () => ({ kind: 'registered', session }), list: () => ({ items: [session], cursors: ['next'] }) });
  refused = [];
});
afterEach(() => listening?.close(0));

async function serve(overrides: Partial<HttpOptions> = {}): Promise<Listening> {
  listening = await serveHandoffHttp(
    httpOptions(fake, {
      onRefusal: ({ reason, status }) => void refused.push({ reason, ...(status === undefined ? {} : { status }) }),
      ...overrides,
    }),
  );
  return listening;
}

describe('what is refused', () => {
  it.each([
    ['a foreign host', { headers: { ...JSON_HEADERS, host: 'evil.example' }, body: INITIALIZE }, { reason: 'host', status: 403 }],
    ['a Host with a user', { headers: { ...JSON_HEADERS, host: 'user@localhost' }, body: INITIALIZE }, { reason: 'host', status: 403 }],
    [
      'a foreign page',
      { headers: { ...JSON_HEADERS, origin: 'https://evil.example' }, body: INITIALIZE },
      { reason: 'origin', status: 403 },
    ],
    ['a wrong token', { headers: { ...JSON_HEADERS, authorization: 'Bearer wrong' }, body: INITIALIZE }, { reason: 'token', status: 401 }],
    ['TRACE', { method: 'TRACE' }, { reason: 'method', status: 405 }],
    ['PUT', { method: 'PUT', headers: JSON_HEADERS, body: INITIALIZE }, { reason: 'method', status: 405 }],
    ['another path', { path: '/.env', method: 'GET' }, { reason: 'path', status: 404 }],
    [
      'a body announced too large',
      { headers: { ...JSON_HEADERS, authorization: `Bearer ${TOKEN}`, 'content-length': 9999 }, body: ['x'] },
      { reason: 'body_size', status: 413 },
    ],
    [
      'a body that becomes too large',
      { headers: { ...JSON_HEADERS, authorization: `Bearer ${TOKEN}` }, body: ['x'.repeat(4000), 'x'.repeat(4000)] },
      { reason: 'body_size', status: 413 },
    ],
    [
      'another content type',
      { headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' }, body: INITIALIZE },
      { reason: 'protocol', status: 415 },
    ],
  ] as const)('%s is told to the operator, once', async (_what, request, expected) => {
    const { port } = await serve({ bearerToken: TOKEN });
    const { status } = await raw(port, request);
    expect(status).toBe(expected.status);
    await vi.waitFor(() => expect(refused).toEqual([expected]), 10_000);
  });

  it('is not what was answered, nor how a client learns that there is no stream', async () => {
    const { port } = await serve();
    expect((await raw(port, { headers: JSON_HEADERS, body: INITIALIZE })).status).toBe(200);
    expect((await raw(port, { method: 'GET', headers: { accept: 'text/event-stream' } })).status).toBe(405);
    expect((await raw(port, { method: 'DELETE' })).status).toBe(405);
    expect((await raw(port, { path: '/x' })).status).toBe(404);
    await vi.waitFor(() => expect(refused).toEqual([{ reason: 'path', status: 404 }]), 10_000);
  });
});

describe('a body with many keys', () => {
  const many = (count: number): string => Array.from({ length: count }, (_, n) => `"${n.toString(36)}":1`).join(',');
  const bodies: readonly [string, (inner: string) => string][] = [
    ['in the message', (inner) => `{"jsonrpc":"2.0","id":1,"method":"tools/list",${inner}}`],
    ['in _meta', (inner) => `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{${inner}}}}`],
    [
      'in metadata',
      (inner) =>
        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"register_session","arguments":{"sessionKey":"k","agentFrom":"a","metadata":{${inner}}}}}`,
    ],
  ];

  it.each(bodies)('is refused when they are %s', async (_where, body) => {
    const { port } = await serve({ maxBodyBytes: 4_000_000 });
    const answer = await raw(port, { headers: JSON_HEADERS, body: body(many(300_000)) });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toEqual({
      jsonrpc: '2.0',
      error: { code: -32000, message: 'Request body has more than 10000 keys, 50000 values or 1000 levels. Send less at once.' },
      id: null,
    });
    expect(refused).toEqual([{ reason: 'body_keys', status: 413 }]);
    expect(fake.calls).toEqual([]);
  });

  it('is refused when it comes in pieces without its length', async () => {
    const { port } = await serve({ maxBodyKeys: 10 });
    const pieces = (count: number): string[] => [`{"jsonrpc":"2.0","id":1,"method":"ping","params":{`, many(count), '}}'];
    expect((await raw(port, { headers: JSON_HEADERS, body: pieces(11) })).status).toBe(413);
    expect((await raw(port, { headers: JSON_HEADERS, body: pieces(5) })).status).toBe(200);
  });

  it('passes with as many as are allowed, or much text and few', async () => {
    const limits = { maxContentBytes: 1000, maxMetadataBytes: 200_000 };
    const { port } = await serve({
      maxBodyBytes: 4_000_000,
      makeServer: handoffServerFactory({ sessions: fake.sessions, limits, version: '1' }),
    });
    const call = (metadata: object): RawRequest => ({
      headers: JSON_HEADERS,
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'register_session', arguments: { sessionKey: 'k', agentFrom: 'a', metadata } },
      }),
    });
    const keys = Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [n.toString(36), 1]));
    expect((await raw(port, call(keys))).text).toContain('Session registered successfully');
    expect((await raw(port, call({ text: '"a":1,\\[{'.repeat(5000) }))).text).toContain('Session registered successfully');
  });

  it('that is no JSON is an error of its own', async () => {
    const { port } = await serve({ maxBodyBytes: 4_000_000 });
    const answer = await raw(port, { headers: JSON_HEADERS, body: `{${'x'.repeat(100_000)}` });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { error: { code: -32700 } }]);
  });
});

describe('a page of an allowed origin', () => {
  const origin = 'http://localhost:8080';
  const preflight = {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,mcp-param-x,mcp-protocol-version',
    },
  } as const;

  it('is told before it asks that it may, without a token', async () => {
    const { port } = await serve({ bearerToken: TOKEN });
    expect(await raw(port, preflight)).toMatchObject({
      status: 204,
      text: '',
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'authorization,content-type,mcp-param-x,mcp-protocol-version',
        'access-control-max-age': '7200',
        vary: 'origin',
      },
    });
    expect(refused).toEqual([]);
  });

  it.each([
    ['an answer', { headers: { ...JSON_HEADERS, authorization: `Bearer ${TOKEN}` }, body: INITIALIZE }, 200],
    ['a refusal', { headers: JSON_HEADERS, body: INITIALIZE }, 401],
    ['the absence of a stream', { method: 'GET', headers: { authorization: `Bearer ${TOKEN}`, accept: 'text/event-stream' } }, 405],
  ] as const)('may read %s', async (_what, request, status) => {
    const { port } = await serve({ bearerToken: TOKEN });
    const answer = await raw(port, { ...request, headers: { ...request.headers, origin } });
    expect(answer).toMatchObject({
      status,
      headers: { 'access-control-allow-origin': origin, 'access-control-expose-headers': expect.stringContaining('mcp-session-id') },
    });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each([
    ['of another origin', { ...preflight, headers: { ...preflight.headers, origin: 'https://evil.example' } }, 403],
    ['for a host that is not served', { ...preflight, headers: { ...preflight.headers, host: 'evil.example' } }, 403],
    ['that is none', { method: 'OPTIONS', headers: { origin } }, 405],
    ['without an origin', { method: 'OPTIONS' }, 405],
  ] as const)('a preflight %s is not answered as one', async (_what, request, status) => {
    const { port } = await serve();
    const answer = await raw(port, request);
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-methods']).toBeUndefined();
  });
});

describe('what an answer would repeat', () => {
  const long = 'x'.repeat(100_000);

  it.each([
    ['id', { id: long, method: 'ping' }],
    ['method', { id: 1, method: long }],
    ['uri', { id: 1, method: 'resources/read', params: { uri: `handoff://sessions?${long}` } }],
    ['uri', { id: 1, method: 'resources/read', params: { uri: long } }],
    ['name', { id: 1, method: 'tools/call', params: { name: long, arguments: {} } }],
  ])('is refused when it is long: %s', async (field, message) => {
    const { port } = await serve({ maxBodyBytes: 4_000_000 });
    const request = { jsonrpc: '2.0', ...message };
    for (const body of [request, [request]]) {
      const answer = await raw(port, { headers: JSON_HEADERS, body: JSON.stringify(body) });
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        400,
        { jsonrpc: '2.0', error: { code: -32600, message: `Invalid request: ${field} has more than 8192 characters.` }, id: null },
      ]);
    }
    expect(fake.calls).toEqual([]);
  });
});

it('bodies that never end hold no more memory than allowed', async () => {
  const { port } = await serve({ maxBodyBytes: 4_000_000, maxHeldBytes: 5_000_000 });
  const sockets = await Promise.all(
    Array.from(
      { length: 3 },
      () =>
        new Promise<Socket>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => {
            socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n');
            socket.write('x'.repeat(2_000_000));
            resolve(socket);
          });
          socket.on('error', () => undefined);
        }),
    ),
  );
  await vi.waitFor(() => expect(refused).toEqual([{ reason: 'memory' }]), 10_000);
  expect((await raw(port, { headers: JSON_HEADERS, body: INITIALIZE })).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});
