import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { SpanKind } from '@opentelemetry/api';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpClientV2 } from '@modelcontextprotocol/client';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpClientV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import { makeServer } from '../../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../../unit/instrumentation/mcp/telemetryHarness.js';
import { Tracking } from './tracking.js';
import type { Ran, Wire } from './tracking.js';

let telemetry: TelemetryHarness;
let instrumentation: McpHooks;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  telemetry = new TelemetryHarness();
  instrumentation = telemetry.instrumentation();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await telemetry.dispose();
});

async function listen(server: HttpServer): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

/** A server of v2 with a session, on a transport whose setters wrap: it notes the ids of what came in. */
async function serveTracked(ran: Ran): Promise<URL> {
  const http = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: () => 'session-1' });
  await instrumentation.instrumentServer(makeServer()).connect(new Tracking(http as unknown as Wire, ran));
  return listen(createServer((request, response) => void http.handleRequest(request, response)));
}

describe('a tracking transport over HTTP', () => {
  it.each([
    ['v1', (): ClientV1 => new ClientV1({ name: 'c', version: '1' }), (url: URL): unknown => new HttpClientV1(url)],
    ['v2', (): ClientV2 => new ClientV2({ name: 'c', version: '1' }), (url: URL): unknown => new HttpClientV2(url)],
  ] as const)('tracks each message once, and client and server have one span each, %s', async (_sdk, makeClient, transportTo) => {
    const atServer: Ran = [];
    const atClient: Ran = [];
    const client = makeClient();
    instrumentation.instrumentClient(client);
    await client.connect(new Tracking(transportTo(await serveTracked(atServer)) as Wire, atClient));
    closers.push(() => client.close());
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(atClient).toEqual([0, 1]);
    expect(atServer).toEqual([0, 'notifications/initialized', 1]);
    await eventually(() => telemetry.spansNamed('tools/call echo').length === 2, 'both spans');
    expect(telemetry.span('tools/call echo', SpanKind.SERVER).attributes).toMatchObject({
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
    });
    const called = telemetry.span('tools/call echo', SpanKind.CLIENT);
    expect(called.attributes).toMatchObject({ 'network.transport': 'tcp', 'server.address': '127.0.0.1' });
    expect(telemetry.span('tools/call echo', SpanKind.SERVER).parentSpanContext?.spanId).toBe(called.spanContext().spanId);
  });
});

describe('a tracking transport around a stdio transport', () => {
  const call = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'a' } } })}\n`;

  function stdio(): { stdin: PassThrough; answers: () => number; transport: StdioServerTransport } {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    let text = '';
    stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { stdin, answers: () => text.split('\n').filter(Boolean).length, transport: new StdioServerTransport(stdin, stdout) };
  }

  it('is seen once, where the class of what is inside is known as well', async () => {
    instrumentation.adoptStdioTransportClass(StdioServerTransport.prototype);
    const ran: Ran = [];
    const { stdin, answers, transport } = stdio();
    const server = instrumentation.instrumentServer(makeServer());
    await server.connect(new Tracking(transport as unknown as Wire, ran));
    closers.push(() => server.close());
    stdin.write(call);
    await eventually(() => answers() === 1 && telemetry.spans.length > 0, 'answer and span');
    expect(telemetry.span('tools/call echo').attributes).toMatchObject({ 'network.transport': 'pipe' });
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1 }]);
    expect(ran).toEqual([1]);
  });

  it('can be named for serveStdio()', async () => {
    const ran: Ran = [];
    const { stdin, answers, transport } = stdio();
    const wire = instrumentation.instrumentTransport(new Tracking(transport as unknown as Wire, ran));
    const running = serveStdio(() => instrumentation.instrumentServer(makeServer()), { transport: wire });
    closers.push(() => running.close());
    // Nothing a server would take: refused on the wire, with a version that does not exist.
    stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'echo', _meta: { 'io.modelcontextprotocol/protocolVersion': '1999-01-01', 'io.modelcontextprotocol/clientCapabilities': {} } } })}\n`,
    );
    await eventually(() => answers() === 1 && telemetry.spans.length === 1, 'refusal and span');
    stdin.write(call);
    await eventually(() => answers() === 2 && telemetry.spans.length === 2, 'both answers and spans');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/call', 'tools/call echo']);
    expect(ran).toEqual([2, 1]);
  });
});

describe('a transport whose onmessage is replaced once it is connected', () => {
  // As supergateway does for each request of its stateless mode: no server of the SDK ever gets the message.
  it.each([
    ['v1', (): object => new StreamableHTTPServerTransport({})],
    ['v2', (): object => new NodeStreamableHTTPServerTransport({ sessionIdGenerator: undefined })],
  ] as const)('is seen from its first message on, %s', async (_sdk, make) => {
    const url = await listen(
      createServer((request, response) => {
        void (async () => {
          const transport = make() as unknown as Wire & { handleRequest(request: object, response: object): Promise<void> };
          await instrumentation.instrumentServer(new ServerV1({ name: 'gateway', version: '1' }, { capabilities: {} })).connect(transport);
          transport.onmessage = (message) => {
            if (message.id !== undefined)
              setTimeout(() => void transport.send({ jsonrpc: '2.0', id: message.id, result: { content: [] } }), 1);
          };
          await transport.handleRequest(request, response);
        })();
      }),
    );
    for (const id of [1, 2]) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo', arguments: {} } }),
      });
      expect(await answer.text()).toContain('"content":[]');
    }
    await eventually(() => telemetry.spans.length === 2, 'two spans');
    expect(telemetry.spans.map(({ name, attributes }) => [name, attributes['jsonrpc.request.id'], attributes['error.type']])).toEqual([
      ['tools/call', '1', undefined],
      ['tools/call', '2', undefined],
    ]);
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).toEqual({ 'tools/call': 0 });
  });
});
