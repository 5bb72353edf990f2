import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serveHandoffHttp } from '../../../../src/handoff/server/http.js';
import type { HttpOptions } from '../../../../src/handoff/server/http.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { session } from '../sessions/samples.js';
import { FakeSessions } from './fakeSessions.js';
import { httpOptions } from './httpOptions.js';
import { INITIALIZE, JSON_HEADERS, raw } from './rawHttp.js';

/** Bodies that the SDK's adapter cannot take, or makes something else of. */

let fake: FakeSessions;
let refused: { readonly reason: string; readonly status?: number }[];
let listening: Listening | undefined;

beforeEach(() => {
  const large = { ...session, metadata: { x: 'x'.repeat(1_000_000) } };
  fake = new FakeSessions({ register: () => ({ kind: 'registered', session }), list: () => ({ items: [large], cursors: ['next'] }) });
  refused = [];
});
afterEach(() => listening?.close(0));

async function serve(overrides: Partial<HttpOptions> = {}): Promise<Listening> {
  listening = await serveHandoffHttp(
    httpOptions(fake, {
      maxBodyBytes: 100_000,
      onRefusal: ({ reason, status }) => void refused.push({ reason, ...(status === undefined ? {} : { status }) }),
      ...overrides,
    }),
  );
  return listening;
}

const callOf = (id: number, name: string, args: object): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

it.each([
  ['[', ']'],
  ['{"a":', '}'],
])('one that is nested deeper than the adapter could take is refused: %s', async (open, close) => {
  const { port } = await serve();
  const deep = (levels: number): string =>
    `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"x":${open.repeat(levels)}1${close.repeat(levels)}}}}`;
  expect((await raw(port, { headers: JSON_HEADERS, body: deep(990) })).status).toBe(200);
  expect((await raw(port, { headers: JSON_HEADERS, body: deep(8000) })).status).toBe(413);
  expect(refused).toEqual([{ reason: 'body_keys', status: 413 }]);
});

it('one that is not in UTF-8 is refused, and nothing of it is stored as another text', async () => {
  const { port } = await serve();
  const text = JSON.stringify(callOf(1, 'register_session', { sessionKey: 'k', agentFrom: 'Zoë' }));
  const send = async (encoding: 'latin1' | 'utf8'): Promise<number> => {
    const body = Buffer.from(text, encoding);
    return (await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers: JSON_HEADERS, body })).status;
  };
  expect(await send('latin1')).toBe(400);
  expect(refused).toEqual([{ reason: 'body_json', status: 400 }]);
  expect(fake.calls).toEqual([]);
  expect(await send('utf8')).toBe(200);
});

it('the log says why a request failed before it came to MCP', async () => {
  const warned: unknown[] = [];
  const { port } = await serve({
    log: { info: () => undefined, warn: (fields) => void warned.push(fields), error: () => undefined },
    instrumentHandler: (handler) => Object.assign(handler, { fetch: () => Promise.reject(new Error('broken')) }),
  });
  expect((await raw(port, { headers: JSON_HEADERS, body: INITIALIZE })).status).toBe(500);
  expect(refused).toEqual([{ reason: 'failed', status: 500 }]);
  expect(warned).toMatchObject([{ 'event.name': 'handoff.mcp.protocol_error', err: { message: 'broken' } }]);
});

it('answers to a batch that nobody reads hold no more memory than allowed', async () => {
  const { port } = await serve({ maxHeldBytes: 20_000_000 });
  const body = JSON.stringify(Array.from({ length: 40 }, (_, id) => callOf(id, 'list_sessions', {})));
  const head = ['POST /mcp HTTP/1.1', 'Host: localhost', ...Object.entries(JSON_HEADERS).map(([name, value]) => `${name}: ${value}`)];
  const socket = connect(port, '127.0.0.1', () => void socket.write([...head, `Content-Length: ${body.length}`, '', body].join('\r\n')));
  socket.on('error', () => undefined);
  socket.pause();
  await vi.waitFor(() => expect(refused).toEqual([{ reason: 'memory' }]), 20_000);
  socket.destroy();
});

it('one that is compressed is refused as such, with what is understood instead', async () => {
  const { port } = await serve();
  const send = (encoding: string, body: Buffer): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers: { ...JSON_HEADERS, 'content-encoding': encoding }, body });
  const compressed = await send('gzip', gzipSync(INITIALIZE));
  expect([compressed.status, compressed.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  expect(await compressed.json()).toMatchObject({ error: { message: expect.stringContaining('without Content-Encoding') } });
  expect((await send('Identity', Buffer.from(INITIALIZE))).status).toBe(200);
  expect(refused).toEqual([{ reason: 'protocol', status: 415 }]);
});
