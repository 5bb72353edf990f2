import { recordingFetch } from './http.js';
import type { Era } from './fixtureClient.js';
import type { Recording } from './recording.js';
import type { Rig } from './rig.js';

const JSON_TYPE = 'application/json';
const ACCEPT = 'application/json, text/event-stream';
const envelope = (version: string): object => ({
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
});

interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function rawRequests(era: Era): readonly RawRequest[] {
  const version = era === 'modern' ? '2026-07-28' : '2025-11-25';
  const call = (params: object): object => ({ jsonrpc: '2.0', id: 'raw', method: 'tools/call', params });
  const headers = { 'content-type': JSON_TYPE, accept: ACCEPT, 'mcp-protocol-version': version };
  const named = { ...headers, 'mcp-method': 'tools/call', 'mcp-name': 'refuse' };
  return [
    { headers, body: 'not json' },
    { headers: { ...headers, 'content-type': 'text/plain' }, body: call({ name: 'refuse' }) },
    { headers: { 'content-type': JSON_TYPE, accept: 'text/html' }, body: call({ name: 'refuse' }) },
    { headers, body: { jsonrpc: '1.0', id: 1 } },
    { headers, body: [] },
    { headers: { ...headers, 'mcp-session-id': 'another' }, body: call({ name: 'refuse' }) },
    { headers: { ...headers, 'mcp-protocol-version': '1999-01-01' }, body: call({ name: 'refuse', _meta: envelope('1999-01-01') }) },
    { headers: named, body: call({ name: 'refuse', _meta: envelope(version) }) },
    { headers: { ...named, 'mcp-name': 'other' }, body: call({ name: 'refuse', _meta: envelope(version) }) },
    { headers: { ...named, 'mcp-name': 'confirm' }, body: call({ name: 'confirm', _meta: envelope(version) }) },
    {
      headers: { ...named, 'mcp-method': 'no/such' },
      body: { jsonrpc: '2.0', id: 2, method: 'no/such', params: { _meta: envelope(version) } },
    },
    { method: 'PUT', headers },
    { method: 'GET', headers: { accept: 'text/html' } },
  ];
}

/** Requests a server must refuse, and some it need not: whatever it answers, it must always answer the same. */
export async function misuseHttp(url: URL, era: Era, recording: Recording): Promise<void> {
  const send = recordingFetch(recording);
  for (const [index, { method = 'POST', headers = {}, body }] of rawRequests(era).entries()) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    await recording.step(`raw ${index}`, async () => {
      const response = await send(url, {
        method,
        headers,
        ...(text === undefined ? {} : { body: text }),
        signal: AbortSignal.timeout(2000),
      });
      return [response.status, await response.text()];
    });
  }
}

const LINES = [
  'not json',
  '{"jsonrpc":"1.0","id":90,"method":"tools/list"}',
  '{"jsonrpc":"2.0","id":null,"method":"tools/list"}',
  '{"jsonrpc":"2.0","id":91,"method":"tools/call","params":"text"}',
  '{"jsonrpc":"2.0","id":92,"method":"tools/call","params":{"name":7}}',
  '{"jsonrpc":"2.0","id":93,"method":"tools/call","params":{"name":"refuse","_meta":"text"}}',
  '{"jsonrpc":"2.0","id":94,"method":"tools/call","params":{"name":"refuse","_meta":{"traceparent":7,"tracestate":{},"baggage":[]}}}',
  '{"jsonrpc":"2.0","id":95,"method":"tools/call","params":{"name":"refuse","_meta":{"traceparent":"00-zz","__proto__":{"a":1}}}}',
  '{"jsonrpc":"2.0","id":96,"method":"no/such","extra":true}',
  '{"jsonrpc":"2.0","id":"no such request","result":{}}',
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":4242}}',
  '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"none","progress":1}}',
  '{"jsonrpc":"2.0","id":97,"method":"tools/list"}',
  '{"jsonrpc":"2.0","id":97,"method":"tools/list"}',
];

/** Lines no client writes, each followed by a request, so that the answers have their order. */
export async function misusePipe(inject: (line: string) => void, { client }: Rig, recording: Recording): Promise<void> {
  for (const line of LINES) {
    inject(line);
    await recording.step(`after ${line}`, () => client.ask('prompts/get', { name: 'greet', arguments: { name: 'Ada' } }));
  }
}
