import { propagation } from '@opentelemetry/api';
import type { McpServer } from '@modelcontextprotocol/server';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpOptions } from '../../../../src/instrumentation/mcp/options.js';
import type { TransportLike } from '../../../../src/instrumentation/mcp/shapes.js';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe('baggage', () => {
  async function baggageOf(
    connect: (server: McpServer) => Promise<(message: object) => Promise<unknown>>,
    options: McpOptions,
  ): Promise<Record<string, string>> {
    const server = makeServer();
    let seen: Record<string, string> | undefined;
    server.registerTool('bag', {}, () => {
      seen = Object.fromEntries((propagation.getActiveBaggage()?.getAllEntries() ?? []).map(([key, { value }]) => [key, value]));
      return { content: [] };
    });
    const send = await connect(telemetry.instrumentation().instrumentServer(server, options));
    await send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'bag', _meta: { traceparent: TRACEPARENT, baggage: 'tenant=blue,user=me' } },
    });
    await eventually(() => seen !== undefined, 'the handler');
    return seen ?? {};
  }

  const inMemory = async (server: McpServer): Promise<(message: object) => Promise<unknown>> => (await connectRaw(server)).send;

  it.each([
    [{}, { tenant: 'blue', user: 'me' }],
    [{ baggageKeys: 'all' }, { tenant: 'blue', user: 'me' }],
    [{ baggageKeys: ['tenant'] }, { tenant: 'blue' }],
    [{ baggageKeys: [] }, {}],
  ] as const)('in memory, options %j', async (options, expected) => {
    expect(await baggageOf(inMemory, options)).toEqual(expected);
  });

  it.each([
    ["a transport of the host's own, which may be a network", {}, {}],
    ['one that the host says is a pipe', { network: { transport: 'pipe' } }, { tenant: 'blue', user: 'me' }],
  ] as const)('over %s', async (_what, options, expected) => {
    const overOwn = async (server: McpServer): Promise<(message: object) => Promise<unknown>> => {
      const transport: TransportLike = { start: () => Promise.resolve(), send: () => Promise.resolve() };
      await server.connect({ ...transport, close: () => Promise.resolve() } as unknown as Parameters<McpServer['connect']>[0]);
      const connected = server.server.transport as unknown as TransportLike;
      return (message) => Promise.resolve(connected.onmessage?.(message));
    };
    expect(await baggageOf(overOwn, options)).toEqual(expected);
  });

  it.each([
    [{}, {}],
    [{ baggageKeys: ['user'] }, { user: 'me' }],
  ] as const)('over HTTP, options %j', async (options, expected) => {
    const host = new HttpHost();
    const overHttp = async (server: McpServer): Promise<(message: object) => Promise<unknown>> => {
      const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: undefined });
      await server.connect(transport);
      const url = await host.listen((request, response) => void transport.handleRequest(request, response));
      return (message) =>
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
          body: JSON.stringify(message),
        });
    };
    expect(await baggageOf(overHttp, options)).toEqual(expected);
    await host.close();
  });
});
