import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { HttpHost } from '../../../../unit/instrumentation/mcp/httpHost.js';
import { makeServer } from '../../../../unit/instrumentation/mcp/mcpPair.js';
import { rawServers } from '../../mcp/faults/rawConnection.js';
import type { RawServer } from '../../mcp/faults/rawConnection.js';
import { secretOf } from '../secret.js';
import { put } from './host.js';
import type { Libraries } from './host.js';
import { tellingError } from './logPlaces.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const POLL_MS = 5;
const PATIENCE_MS = 20_000;

type Ask = (method: string, params: object, id?: string) => Promise<object>;

/** Everything a client may choose, to servers of both SDK generations. */
export async function putIntoMcp({ handle }: Libraries): Promise<void> {
  for (const { name, make } of rawServers) {
    const raw = prepare(make(), name);
    handle.instrumentServer(raw.server);
    const [client, serverSide] = raw.pair();
    const answers = new Map<unknown, object>();
    const all: object[] = [];
    client.onmessage = (message) => {
      all.push(message as object);
      answers.set((message as { id?: unknown }).id, message as object);
    };
    await raw.server.connect(serverSide as never);
    await client.start();
    let count = 0;
    const ask: Ask = async (method, params, id = `r${(count += 1)}`) => {
      await client.send({ jsonrpc: '2.0', id, method, params });
      return await arrival(() => answers.get(id));
    };
    await put(`kept: MCP client name and version, ${name}`, (secret) =>
      ask('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: { experimental: { [secret]: {} } },
        clientInfo: { name: secret, version: secret },
      }).then((answer) => [secret, answer]),
    );
    await putIntoCalls(name, ask);
    await putIntoNotifications(name, (message) => client.send({ jsonrpc: '2.0', ...message }), all);
    await raw.server.close();
  }
  await putIntoHttp(handle);
}

function prepare(raw: RawServer, name: string): RawServer {
  raw.tool('answer', () => ({
    content: [{ type: 'text', text: secretOf(`tool result, ${name}`) }],
    _meta: { a: secretOf(`tool result, ${name}`) },
  }));
  raw.tool('refuse', () => ({ content: [{ type: 'text', text: secretOf(`tool error, ${name}`) }], isError: true }));
  raw.tool('explode', () => {
    throw tellingError(secretOf(`thrown by a tool, ${name}`));
  });
  raw.tool('explode-later', async () => {
    await Promise.resolve();
    const secret = secretOf(`AggregateError of a tool, ${name}`);
    throw Object.assign(new AggregateError([tellingError(secret)], `first\n    at ${secret} (x:1:1)`), { name: secret });
  });
  raw.prompt('greet', () => {
    throw tellingError(secretOf(`thrown by a prompt, ${name}`));
  });
  raw.resource('note://one', () => ({ contents: [{ uri: 'note://one', text: secretOf(`resource, ${name}`) }] }));
  raw.onTold(() => {
    throw tellingError(secretOf(`thrown by a notification handler, ${name}`));
  });
  return raw;
}

async function putIntoCalls(name: string, ask: Ask): Promise<void> {
  const tell = async (place: string, method: string, paramsOf: (secret: string) => object): Promise<void> => {
    await put(`${place}, ${name}`, async (secret) => {
      const params = paramsOf(secret);
      return [params, await ask(method, params)];
    });
  };
  const meta = { traceparent: TRACEPARENT };
  await tell('tool argument', 'tools/call', (secret) => ({ name: 'answer', arguments: { text: secret, password: secret, [secret]: 1 } }));
  await tell('tool result', 'tools/call', () => ({ name: 'answer' }));
  await tell('tool error', 'tools/call', () => ({ name: 'refuse' }));
  await tell('thrown by a tool', 'tools/call', () => ({ name: 'explode' }));
  await tell('AggregateError of a tool', 'tools/call', () => ({ name: 'explode-later' }));
  await tell('thrown by a prompt', 'prompts/get', () => ({ name: 'greet' }));
  await tell('prompt argument', 'prompts/get', (secret) => ({ name: 'greet', arguments: { text: secret } }));
  await tell('resource', 'resources/read', () => ({ uri: 'note://one' }));
  await tell('_meta', 'tools/call', (secret) => ({
    name: 'answer',
    _meta: { ...meta, [`x/${secret}`]: 1, other: secret, progressToken: secret },
  }));
  await tell('incoming baggage', 'tools/call', (secret) => ({ name: 'answer', _meta: { ...meta, baggage: `user=${secret},${secret}=1` } }));
  await tell('traceparent that is none', 'tools/call', (secret) => ({ name: 'answer', _meta: { traceparent: secret } }));
  await tell('protocol version in _meta', 'tools/call', (secret) => ({
    name: 'answer',
    _meta: { 'io.modelcontextprotocol/protocolVersion': secret },
  }));
  await tell('cursor of a list', 'tools/list', (secret) => ({ cursor: secret }));
  await tell('unknown method', `made/${secretOf(`unknown method, ${name}`)}`, (secret) => ({ method: secret }));
  await tell('parameters of an unknown method', 'made/up', (secret) => ({ a: secret }));
  await tell('completion', 'completion/complete', (secret) => ({
    ref: { type: 'ref/prompt', name: secret },
    argument: { name: secret, value: secret },
  }));
  await tell('log level', 'logging/setLevel', (secret) => ({ level: secret }));
  await tell('kept: name of an unknown MCP tool', 'tools/call', (secret) => ({ name: secret }));
  await tell('kept: URI of an MCP resource', 'resources/read', (secret) => ({ uri: `note://${secret}?token=${secret}` }));
  await tell('kept: tracestate', 'tools/call', (secret) => ({ name: 'answer', _meta: { ...meta, tracestate: `k=${secret}` } }));
  await put(`kept: id of an MCP request, ${name}`, (secret) => ask('ping', {}, secret));
}

async function putIntoNotifications(name: string, send: (message: object) => Promise<void>, all: readonly object[]): Promise<void> {
  const told = async (place: string, method: string, paramsOf: (secret: string) => object): Promise<void> => {
    await put(`${place}, ${name}`, async (secret) => {
      await send({ method, params: paramsOf(secret) });
      return [paramsOf(secret), all.length];
    });
  };
  await told('reason of a cancellation', 'notifications/cancelled', (secret) => ({ requestId: secret, reason: secret }));
  await told('progress', 'notifications/progress', (secret) => ({ progressToken: secret, progress: 1, message: secret }));
  await told('MCP log message', 'notifications/message', (secret) => ({ level: 'info', logger: secret, data: { secret } }));
  await told('thrown by a notification handler', 'notifications/roots/list_changed', (secret) => ({ _meta: { a: secret } }));
}

/** Headers, query and body of requests to a server over HTTP. */
async function putIntoHttp(handle: Libraries['handle']): Promise<void> {
  const host = new HttpHost();
  const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await handle.instrumentServer(makeServer()).connect(transport);
  const heard: unknown[] = [];
  const url = await host.listen((request, response) => {
    heard.push([request.url, request.rawHeaders]);
    void transport.handleRequest(request, response);
  });
  const post = async (address: string, headers: Record<string, string>, body: string): Promise<unknown> => {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body,
    });
    return [await answer.text(), heard.at(-1)];
  };
  const call = (args: object): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: args } });
  await put('query of a URL', (secret) => post(`${url.href}?token=${secret}`, {}, call({ text: 'a' })));
  for (const header of ['authorization', 'cookie', 'baggage', 'user-agent', 'x-forwarded-for', 'mcp-session-id', 'last-event-id']) {
    await put(`header ${header}`, (secret) =>
      post(url.href, { [header]: header === 'baggage' ? `user=${secret}` : `a ${secret}` }, call({ text: 'a' })),
    );
  }
  await put('body of an HTTP request', async (secret) => [secret, await post(url.href, {}, call({ text: secret }))]);
  await put('broken body of an HTTP request', async (secret) => [secret, await post(url.href, {}, `{"broken": "${secret}`)]);
  await host.close();
}

async function arrival(look: () => object | undefined): Promise<object> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > deadlineMs) return { problem: 'no answer' };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
