import { SpanKind } from '@opentelemetry/api';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler, inputRequired } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { modernRequest } from '../../../unit/instrumentation/mcp/modern.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
let host: HttpHost;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  host = new HttpHost();
});
afterEach(async () => {
  await host.close();
  await telemetry.dispose();
});

/** A client and a handler of 2026-07-28, both instrumented; each request has a server and a stream of its own. */
async function connect(prepare: (server: McpServer) => void = () => undefined): Promise<Client> {
  const { instrumentClient, instrumentHandler, instrumentServer } = telemetry.instrumentation();
  const handler = createMcpHandler(() => {
    const server = makeServer();
    prepare(server);
    return instrumentServer(server);
  });
  const client = instrumentClient(new Client({ name: 'c', version: '1' }, { versionNegotiation: { mode: 'auto' } }));
  await client.connect(new StreamableHTTPClientTransport(await host.serve(instrumentHandler(handler))));
  host.closers.push(() => client.close());
  return client;
}

describe('HTTP of 2026-07-28', () => {
  it('has one span on either side of every request, from the discovery on', async () => {
    const client = await connect();
    await client.listTools();
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    const names = ['server/discover', 'tools/list', 'tools/call echo'];
    await eventually(() => telemetry.spans.length >= 2 * names.length, 'all spans');
    for (const name of names) {
      const sent = telemetry.span(name, SpanKind.CLIENT);
      const received = telemetry.span(name, SpanKind.SERVER);
      expect(received.parentSpanContext?.spanId).toBe(sent.spanContext().spanId);
      for (const span of [sent, received]) {
        expect(span.attributes).toMatchObject({
          'mcp.protocol.version': '2026-07-28',
          'network.transport': 'tcp',
          'network.protocol.name': 'http',
          'handoff.mcp.result.type': 'complete',
        });
        expect(span.attributes).not.toHaveProperty('mcp.session.id');
      }
      expect(sent.attributes).toMatchObject({ 'server.address': '127.0.0.1' });
      expect(received.attributes).toMatchObject({ 'handoff.mcp.client.name': 'c' });
    }
    expect(telemetry.spans).toHaveLength(2 * names.length);
  });

  it.each([
    ['timeout', { timeout: 1000 }, undefined],
    ['cancelled', {}, new AbortController()],
  ])('ends a call the client gives up without a word as %s there, and as cancelled at the server', async (expected, options, abort) => {
    let running = false;
    const client = await connect((server) => {
      server.registerTool('hang', {}, () => {
        running = true;
        return new Promise(() => undefined);
      });
    });
    const failed = expect(
      client.callTool({ name: 'hang' }, { ...options, ...(abort === undefined ? {} : { signal: abort.signal }) }),
    ).rejects.toThrow();
    await eventually(() => running, 'the handler');
    abort?.abort();
    await failed;
    await eventually(
      () => telemetry.spans.filter((span) => span.attributes['mcp.method.name'] === 'tools/call').length === 2,
      'both spans',
    );
    const byKind = telemetry.spans
      .filter((span) => span.attributes['mcp.method.name'] === 'tools/call')
      .map((span) => [span.kind, span.attributes['error.type']]);
    expect(byKind).toEqual(
      expect.arrayContaining([
        [SpanKind.CLIENT, expected],
        [SpanKind.SERVER, 'cancelled'],
      ]),
    );
    for (const side of ['client', 'server'])
      expect(await telemetry.counts(`handoff.mcp.${side}.active_requests`)).toMatchObject({ 'tools/call': 0 });
  });

  it('tells a capability the client lacks as an error of both sides', async () => {
    const { instrumentHandler, instrumentServer } = telemetry.instrumentation();
    const handler = instrumentHandler(
      createMcpHandler(() => {
        const server = makeServer();
        server.registerTool('ask', {}, () => inputRequired({ inputRequests: { roots: inputRequired.listRoots() } }));
        return instrumentServer(server);
      }),
    );
    const answer = await handler.fetch(modernRequest({ id: 1, method: 'tools/call', params: { name: 'ask' } }));
    expect(await answer.text()).toContain('-32021');
    await eventually(() => telemetry.spans.length > 0, 'the span');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/call ask']);
    expect(telemetry.span('tools/call ask')).toMatchObject({
      attributes: { 'error.type': '-32021', 'rpc.response.status_code': '-32021' },
      status: { message: 'Missing required client capability' },
    });
    await handler.close();
  });
});
