import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../src/instrumentation/mcp/instrumentation.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
};

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

function serveHandler(factory: () => McpServer): Promise<URL> {
  const handler = createMcpHandler(() => instrumentation.instrumentServer(factory()));
  closers.push(() => handler.close());
  const node = toNodeHandler(handler);
  return listen(createServer((request, response) => void node(request as Parameters<typeof node>[0], response)));
}

async function connect(url: URL, mode: 'legacy' | 'auto', headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'http-client', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  closers.push(() => client.close());
  return client;
}

describe('Streamable HTTP', () => {
  it.each([
    ['legacy', '2025-11-25'],
    ['auto', '2026-07-28'],
  ] as const)('by createMcpHandler, one server per request, %s era', async (mode, version) => {
    const client = await connect(await serveHandler(makeServer), mode);
    const result = await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(result.content).toEqual([{ type: 'text', text: 'a' }]);
    await eventually(() => telemetry.spansNamed('tools/call echo').length > 0, 'the span');
    expect(telemetry.span('tools/call echo').attributes).toMatchObject({
      'mcp.protocol.version': version,
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'gen_ai.tool.name': 'echo',
    });
    expect(telemetry.span('tools/call echo').attributes).not.toHaveProperty('mcp.session.id');
    expect(await telemetry.points('tools/call')).toMatchObject([
      { count: 1, attributes: { 'network.transport': 'tcp', 'mcp.protocol.version': version } },
    ]);
  });

  it('with a session carries its id on spans and never on metrics', async () => {
    const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: () => 'session-1' });
    await instrumentation.instrumentServer(makeServer()).connect(transport);
    const client = await connect(
      await listen(createServer((request, response) => void transport.handleRequest(request, response))),
      'legacy',
    );
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    await eventually(() => telemetry.spansNamed('tools/call echo').length > 0, 'the span');
    expect(telemetry.span('tools/call echo').attributes).toMatchObject({ 'mcp.session.id': 'session-1', 'network.protocol.name': 'http' });
    expect(telemetry.span('initialize').attributes).toMatchObject({ 'mcp.session.id': 'session-1' });
    expect(JSON.stringify(await telemetry.points('tools/call'))).not.toContain('session-1');
  });

  it('takes the parent from the traceparent header when nothing nearer names one', async () => {
    const client = await connect(await serveHandler(makeServer), 'legacy', { traceparent: TRACEPARENT });
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    await eventually(() => telemetry.spansNamed('tools/call echo').length > 0, 'the span');
    expect(telemetry.span('tools/call echo').parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  it('ends a call as cancelled when the client aborts the HTTP request', async () => {
    let started = false;
    const url = await serveHandler(() => {
      const server = makeServer();
      server.registerTool('hang', {}, () => {
        started = true;
        return new Promise(() => undefined);
      });
      return server;
    });
    const abort = new AbortController();
    const call = fetch(url, {
      method: 'POST',
      signal: abort.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'hang',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'hang', arguments: {}, _meta: MODERN_META } }),
    });
    const failed = expect(call).rejects.toThrow();
    await eventually(() => started, 'the handler');
    abort.abort();
    await failed;
    await eventually(() => telemetry.spansNamed('tools/call hang').length > 0, 'the span');
    expect(telemetry.span('tools/call hang').attributes['error.type']).toBe('cancelled');
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1 }]);
  });
});

describe('stdio', () => {
  function wire(): { stdin: PassThrough; lines: () => unknown[]; transport: StdioServerTransport } {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    let text = '';
    stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return {
      stdin,
      lines: () =>
        text
          .split('\n')
          .filter(Boolean)
          .map((line): unknown => JSON.parse(line)),
      transport: new StdioServerTransport(stdin, stdout),
    };
  }
  const call = (id: number, meta?: object): string =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo', arguments: { text: 'a' }, ...(meta === undefined ? {} : { _meta: meta }) } })}\n`;

  it('by connect() is a pipe, and nothing but the answer is written', async () => {
    const { stdin, lines, transport } = wire();
    const server = instrumentation.instrumentServer(makeServer());
    await server.connect(transport);
    closers.push(() => server.close());
    stdin.write(call(1, { traceparent: TRACEPARENT }));
    await eventually(() => lines().length === 1 && telemetry.spans.length === 1, 'answer and span');
    expect(lines()).toMatchObject([{ jsonrpc: '2.0', id: 1, result: { content: [{ text: 'a' }] } }]);
    const span = telemetry.span('tools/call echo');
    expect(span.attributes).toMatchObject({ 'network.transport': 'pipe' });
    expect(span.attributes).not.toHaveProperty('network.protocol.name');
    expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  it('by serveStdio() is a pipe in the modern era too', async () => {
    const { stdin, lines, transport } = wire();
    const running = serveStdio(() => instrumentation.instrumentServer(makeServer()), { transport });
    closers.push(() => running.close());
    stdin.write(call(1, MODERN_META));
    await eventually(() => lines().length === 1 && telemetry.spans.length === 1, 'answer and span');
    expect(telemetry.span('tools/call echo').attributes).toMatchObject({
      'network.transport': 'pipe',
      'mcp.protocol.version': '2026-07-28',
    });
  });
});
