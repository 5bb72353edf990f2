import { trace } from '@opentelemetry/api';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as WireV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
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

interface AnyClient {
  connect(wire: never): Promise<void>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

describe.each([
  ['SDK v1', (): AnyClient => new ClientV1({ name: 'c', version: '1' }), (url: URL): object => new WireV1(url)],
  ['SDK v2', (): AnyClient => new Client({ name: 'c', version: '1' }), (url: URL): object => new StreamableHTTPClientTransport(url)],
])('what a server that is not instrumented tells a client of %s', (_sdk, make, wireTo) => {
  const told = 'notifications/tools/list_changed';

  it('long after the stream was opened begins a trace of its own; in the middle of a call it belongs to it', async () => {
    const server = makeServer();
    server.registerTool('change', {}, async (ctx) => {
      await ctx.mcpReq.notify({ method: told });
      return { content: [] };
    });
    const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: () => 'session-1' });
    await server.connect(transport);
    let streams = 0;
    const url = await host.listen((request, response) => {
      if (request.method === 'GET') streams += 1;
      void transport.handleRequest(request, response);
    });
    const client = make();
    telemetry.instrumentation().instrumentClient(client);
    await telemetry.tracer.startActiveSpan('startup', async (span) => {
      await client.connect(wireTo(url) as never);
      span.end();
    });
    host.closers.push(() => client.close());
    await eventually(() => streams === 1, 'the stream');
    await eventually(async () => {
      await server.server.sendToolListChanged();
      return telemetry.spansNamed(told).length > 0;
    }, 'the notification');
    expect(telemetry.spansNamed(told)[0]?.parentSpanContext).toBeUndefined();
    const before = telemetry.spansNamed(told).length;
    await client.callTool({ name: 'change', arguments: {} });
    await eventually(() => telemetry.spansNamed(told).length > before, 'the notification within the call');
    const call = telemetry.span('tools/call change');
    expect(telemetry.spansNamed(told).map((span) => span.parentSpanContext?.spanId)).toContain(call.spanContext().spanId);
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});
