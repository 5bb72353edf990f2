import { SpanKind } from '@opentelemetry/api';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, Server } from '@modelcontextprotocol/server';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport as InMemoryTransportV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const REMOTE_TRACE = '0af7651916cd43dd8448eb211c80319c';
const REMOTE_SPAN = 'b7ad6b7169203331';
const OTHER_SPAN = 'aaaaaaaaaaaaaaaa';
const traceparent = (spanId: string): string => `00-${REMOTE_TRACE}-${spanId}-01`;

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

type Change = (params: Record<string, unknown>) => Record<string, unknown>;

type Options = Parameters<ReturnType<TelemetryHarness['instrumentation']>['instrumentServer']>[1];

interface Gateway {
  connect(transport: unknown): Promise<void>;
}

const capabilities = { capabilities: { tools: {} } };

/** Passes the params of each call on to a server behind it, as mcp-proxy does: `_meta` and what is in it included. */
const gateways: readonly [string, (change: Change, options?: Options) => Promise<Gateway>][] = [
  [
    'v1',
    async (change, options) => {
      const { instrumentClient, instrumentServer } = telemetry.instrumentation();
      const client = instrumentClient(new ClientV1({ name: 'gateway', version: '1' }));
      const [near, far] = InMemoryTransportV1.createLinkedPair();
      await instrumentServer(makeServer()).connect(far);
      await client.connect(near);
      const server = new ServerV1({ name: 'gateway', version: '1' }, capabilities);
      server.setRequestHandler(CallToolRequestSchema, ({ params }) => client.callTool(change(params) as typeof params));
      return instrumentServer(server, options);
    },
  ],
  [
    'v2',
    async (change, options) => {
      const { instrumentClient, instrumentServer } = telemetry.instrumentation();
      const client = instrumentClient(new Client({ name: 'gateway', version: '1' }));
      const [near, far] = InMemoryTransport.createLinkedPair();
      await instrumentServer(makeServer()).connect(far);
      await client.connect(near);
      const server = new Server({ name: 'gateway', version: '1' }, capabilities);
      server.setRequestHandler('tools/call', ({ params }) => client.callTool(change(params) as typeof params));
      return instrumentServer(server, options);
    },
  ],
];

describe.each(gateways)('a gateway of SDK %s', (_generation, makeGateway) => {
  /** Returns the ids of the parents of the spans of one call: before the gateway, at its client, and behind it. */
  async function callThrough(meta: object, change: Change, options?: Options): Promise<Record<string, string | undefined>> {
    const { send, received } = await connectRaw(await makeGateway(change, options));
    await send({ id: 7, method: 'tools/call', params: { name: 'echo', arguments: { text: 'a' }, _meta: meta } });
    await eventually(() => received.length === 1, 'the answer');
    expect(received).toEqual([
      expect.objectContaining({ id: 7, result: expect.objectContaining({ content: [{ type: 'text', text: 'a' }] }) }),
    ]);
    const calls = telemetry.spans.filter((span) => span.attributes['mcp.method.name'] === 'tools/call');
    expect(calls).toHaveLength(3);
    const client = calls.find((span) => span.kind === SpanKind.CLIENT);
    const gateway = calls.find((span) => span.spanContext().spanId === client?.parentSpanContext?.spanId);
    const behind = calls.find((span) => span !== client && span !== gateway);
    return {
      before: gateway?.parentSpanContext?.spanId,
      behind: behind?.parentSpanContext?.spanId,
      state: behind?.spanContext().traceState?.serialize(),
      client: client?.spanContext().spanId,
    };
  }

  const asGiven: Change = (params) => params;
  const strangers = { traceparent: traceparent(REMOTE_SPAN), tracestate: 'a=1', progressToken: 3 };

  it('stands between its caller and the server behind it, although it passes on the trace context it was given', async () => {
    const { before, behind, state, client } = await callThrough(strangers, asGiven);
    expect([before, behind, state]).toEqual([REMOTE_SPAN, client, 'a=1']);
  });

  it('does not pass on a trace context that it is told to ignore', async () => {
    const { before, behind, state, client } = await callThrough(strangers, asGiven, { remoteParent: 'ignore' });
    expect([before, behind, state]).toEqual([undefined, client, undefined]);
  });

  it('keeps a trace context that it has set itself', async () => {
    const { before, behind } = await callThrough(strangers, (params) => ({ ...params, _meta: { traceparent: traceparent(OTHER_SPAN) } }));
    expect([before, behind]).toEqual([REMOTE_SPAN, OTHER_SPAN]);
  });
});
