import { randomUUID } from 'node:crypto';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Client as ClientV2, StreamableHTTPClientTransport as StreamableHTTPClientTransportV2 } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../src/instrumentation/mcp/instrumentation.js';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { SdkV1Pair } from '../../../unit/instrumentation/mcp/sdkV1Pair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
let instrumentation: McpHooks;
let host: HttpHost;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  instrumentation = telemetry.instrumentation();
  host = new HttpHost();
});
afterEach(async () => {
  await host.close();
  await telemetry.dispose();
});

async function connect(transport: Transport): Promise<Client> {
  const client = instrumentation.instrumentClient(new Client({ name: 'c', version: '1' }));
  await client.connect(transport);
  host.closers.push(() => client.close());
  return client;
}

async function inMemory(server: { connect(transport: Transport): Promise<void> }): Promise<Client> {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  return connect(clientSide);
}

const serverSpan = (name: string): ReturnType<TelemetryHarness['span']> => telemetry.span(name, SpanKind.SERVER);

describe('a server of SDK v1', () => {
  it("turns an unknown tool into an error result, and the made-up name stays off metrics and the name of the server's span", async () => {
    const client = await inMemory(instrumentation.instrumentServer(new SdkV1Pair().server));
    await client.callTool({ name: 'made-up' });
    await eventually(
      () => telemetry.spansNamed('tools/call').length === 1 && telemetry.spansNamed('tools/call made-up').length === 1,
      'both spans',
    );
    expect(telemetry.span('tools/call made-up').kind).toBe(SpanKind.CLIENT);
    expect(serverSpan('tools/call').attributes).toMatchObject({ 'error.type': 'tool_error', 'gen_ai.tool.name': 'made-up' });
    for (const metric of ['mcp.server.operation.duration', 'mcp.client.operation.duration'])
      expect(await telemetry.points('tools/call', metric)).toMatchObject([
        { attributes: { 'gen_ai.tool.name': '_OTHER', 'error.type': 'tool_error' } },
      ]);
  });

  it('tells the exception behind an error result, however the tool was registered or updated', async () => {
    const server = new McpServer({ name: 's', version: '1' });
    const tool = server.tool('old', () => {
      throw new RangeError('secret');
    });
    const client = await inMemory(instrumentation.instrumentServer(server));
    await client.callTool({ name: 'old' });
    tool.update({
      callback: () => {
        throw new URIError('secret');
      },
    });
    await client.callTool({ name: 'old' });
    const thrown = (): ReturnType<TelemetryHarness['spansNamed']> =>
      telemetry.spansNamed('tools/call old').filter(({ kind }) => kind === SpanKind.SERVER);
    await eventually(() => thrown().length === 2, 'both spans');
    expect(thrown().map((span) => span.events[0]?.attributes?.['exception.type'])).toEqual(['RangeError', 'URIError']);
    expect(JSON.stringify(telemetry.spans.map(({ attributes, events, status }) => [attributes, events, status]))).not.toContain('secret');
  });

  it('of the low level puts names on metrics once it has listed them', async () => {
    const server = new Server({ name: 'low', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: 'listed', inputSchema: { type: 'object' as const } }] }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      if (params.name === 'listed') throw new SyntaxError('secret');
      return { content: [] };
    });
    const client = await inMemory(instrumentation.instrumentServer(server));
    await client.callTool({ name: 'unlisted' });
    await client.listTools();
    await expect(client.callTool({ name: 'listed' })).rejects.toMatchObject({ code: -32603 });
    await eventually(() => telemetry.spansNamed('tools/call listed').length === 2, 'both spans');
    const span = serverSpan('tools/call listed');
    expect(span).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'Internal error' },
      attributes: { 'error.type': '-32603' },
    });
    expect(span.events).toMatchObject([{ attributes: { 'exception.type': 'SyntaxError' } }]);
    expect(serverSpan('tools/call').attributes['gen_ai.tool.name']).toBe('unlisted');
    expect((await telemetry.points('tools/call')).map(({ attributes }) => attributes['gen_ai.tool.name'])).toEqual(['_OTHER', 'listed']);
  });
});

describe('SDK v1 over HTTP', () => {
  async function serveStateful(): Promise<URL> {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'session-1' });
    await instrumentation.instrumentServer(new SdkV1Pair().server).connect(transport);
    return host.listen((request, response) => void transport.handleRequest(request, response));
  }

  it.each([
    ['SDK v1', (url: URL) => connect(new StreamableHTTPClientTransport(url) as Transport)],
    [
      'SDK v2',
      async (url: URL) => {
        const client = instrumentation.instrumentClient(new ClientV2({ name: 'c', version: '1' }));
        await client.connect(new StreamableHTTPClientTransportV2(url));
        host.closers.push(() => client.close());
        return client;
      },
    ],
  ])(
    "with a session has its id on the spans of both sides, and the server's address on those of a client of %s",
    async (_client, connected) => {
      const url = await serveStateful();
      const client = await connected(url);
      await client.callTool({ name: 'echo' });
      await eventually(() => telemetry.spansNamed('tools/call echo').length === 2, 'both spans');
      const sent = telemetry.span('tools/call echo', SpanKind.CLIENT);
      const received = serverSpan('tools/call echo');
      expect(received.parentSpanContext?.spanId).toBe(sent.spanContext().spanId);
      for (const span of [sent, received])
        expect(span.attributes).toMatchObject({
          'mcp.session.id': 'session-1',
          'network.transport': 'tcp',
          'network.protocol.name': 'http',
          'mcp.protocol.version': '2025-11-25',
        });
      expect(sent.attributes).toMatchObject({ 'server.address': '127.0.0.1', 'server.port': Number(url.port) });
      expect(received.attributes).not.toHaveProperty('server.address');
      expect(await telemetry.points('tools/call', 'mcp.client.operation.duration')).toMatchObject([
        { attributes: { 'server.address': '127.0.0.1' } },
      ]);
      expect(
        JSON.stringify([await telemetry.points('tools/call'), await telemetry.histogram('mcp.server.session.duration')]),
      ).not.toContain('session-1');
    },
  );

  it('of the early kind (SSE) is HTTP as well', async () => {
    let transport: SSEServerTransport | undefined;
    const { server } = new SdkV1Pair();
    const url = await host.listen((request, response) => {
      if (request.method === 'GET') {
        transport = new SSEServerTransport('/messages', response);
        void instrumentation.instrumentServer(server).connect(transport);
      } else void transport?.handlePostMessage(request, response);
    });
    const client = await connect(new SSEClientTransport(url));
    await client.callTool({ name: 'echo' });
    await eventually(() => telemetry.spansNamed('tools/call echo').length === 2, 'both spans');
    for (const span of [serverSpan('tools/call echo'), telemetry.span('tools/call echo', SpanKind.CLIENT)])
      expect(span.attributes).toMatchObject({ 'network.transport': 'tcp', 'network.protocol.name': 'http' });
  });
});

describe('a client whose HTTP request fails', () => {
  const serve = (status: number, body: string, type = 'text/plain'): Promise<URL> =>
    host.listen((request, response) => {
      let sent = '';
      request.on('data', (chunk: Buffer) => (sent += chunk.toString()));
      request.on('end', () => {
        const message = JSON.parse(sent === '' ? '{}' : sent) as { id?: number; method?: string };
        if (message.method === 'initialize') {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(
            JSON.stringify({
              jsonrpc: '2.0',
              id: message.id,
              result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } },
            }),
          );
        } else if (message.method === 'notifications/initialized') response.writeHead(202).end();
        else response.writeHead(request.method === 'GET' ? 405 : status, { 'content-type': type }).end(body);
      });
    });

  const clients = [
    ['SDK v1', (url: URL): Promise<{ ping(): Promise<unknown> }> => connect(new StreamableHTTPClientTransport(url))],
    [
      'SDK v2',
      async (url: URL): Promise<{ ping(): Promise<unknown> }> => {
        const client = instrumentation.instrumentClient(new ClientV2({ name: randomUUID(), version: '1' }));
        await client.connect(new StreamableHTTPClientTransportV2(url));
        host.closers.push(() => client.close());
        return client;
      },
    ],
  ] as const;

  it.each(clients)('tells the status where there is no JSON-RPC body, %s', async (_sdk, connected) => {
    const client = await connected(await serve(503, 'down for maintenance'));
    await expect(client.ping()).rejects.toThrow();
    const span = telemetry.span('ping', SpanKind.CLIENT);
    expect(span.attributes).toMatchObject({ 'error.type': '503', 'http.response.status_code': 503 });
    expect(span.attributes).not.toHaveProperty('rpc.response.status_code');
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(await telemetry.points('ping', 'mcp.client.operation.duration')).toMatchObject([{ attributes: { 'error.type': '503' } }]);
    expect(await telemetry.counts('handoff.mcp.client.active_requests')).toMatchObject({ ping: 0 });
  });

  it.each(clients)('tells the code of the JSON-RPC body where there is one, %s', async (_sdk, connected) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32020, message: 'secret mismatch' } });
    const client = await connected(await serve(400, body, 'application/json'));
    await expect(client.ping()).rejects.toThrow();
    expect(telemetry.span('ping', SpanKind.CLIENT).attributes).toMatchObject({
      'error.type': '-32020',
      'rpc.response.status_code': '-32020',
    });
    expect(JSON.stringify(telemetry.spans.map(({ attributes, status }) => [attributes, status]))).not.toContain('secret');
  });

  it('tells the class of the error where nobody answered', async () => {
    const refused = await host.listen((_request, response) => {
      response.destroy();
    });
    await expect(connect(new StreamableHTTPClientTransport(refused) as Transport)).rejects.toThrow();
    expect(telemetry.span('initialize', SpanKind.CLIENT).attributes).toMatchObject({ 'error.type': 'TypeError' });
  });
});
