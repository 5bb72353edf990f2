import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../src/instrumentation/mcp/instrumentation.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { MODERN_META } from '../../../unit/instrumentation/mcp/modern.js';
import { StdioLine } from '../../../unit/instrumentation/mcp/stdioLine.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const SUBSCRIPTION = 'handoff.mcp.server.subscription.duration';

let telemetry: TelemetryHarness;
let instrumentation: McpHooks;
let line: StdioLine;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  telemetry = new TelemetryHarness();
  instrumentation = telemetry.instrumentation();
  line = new StdioLine();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  instrumentation.disable();
  await telemetry.dispose();
});

function serve(options: Parameters<typeof serveStdio>[1] = {}): ReturnType<typeof serveStdio> {
  const running = serveStdio(() => instrumentation.instrumentServer(makeServer()), { transport: line.transport, ...options });
  closers.push(() => running.close());
  return running;
}

const echo = (id: number, meta: object = MODERN_META): object => ({
  id,
  method: 'tools/call',
  params: { name: 'echo', arguments: { text: 'a' }, _meta: meta },
});
const listen = {
  id: 'sub-1',
  method: 'subscriptions/listen',
  params: { notifications: { toolsListChanged: true }, _meta: { ...MODERN_META, traceparent: TRACEPARENT } },
};

describe.each([
  ['instrumentTransport', () => instrumentation.instrumentTransport(line.transport)],
  [
    'adoptStdioTransportClass',
    () => {
      instrumentation.adoptStdioTransportClass(StdioServerTransport.prototype);
    },
  ],
])('serveStdio seen through %s', (_way, watch) => {
  it('tells the refusal of a version no server ever saw', async () => {
    watch();
    serve();
    line.send(echo(1, { ...MODERN_META, 'io.modelcontextprotocol/protocolVersion': '2027-01-01', traceparent: TRACEPARENT }));
    await eventually(() => line.answers.length === 1, 'the refusal');
    const span = telemetry.span('tools/call');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Unsupported protocol version' });
    expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(span.attributes).toMatchObject({
      'network.transport': 'pipe',
      'jsonrpc.request.id': '1',
      'mcp.protocol.version': '_OTHER',
      'error.type': '-32022',
      'rpc.response.status_code': '-32022',
      'handoff.mcp.client.name': 'raw',
    });
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1, attributes: { 'error.type': '-32022' } }]);
  });

  it("tells a malformed envelope as the caller's fault", async () => {
    watch();
    serve();
    line.send(echo(1, { ...MODERN_META, 'io.modelcontextprotocol/clientCapabilities': 7 }));
    await eventually(() => line.answers.length === 1, 'the refusal');
    expect(telemetry.span('tools/call')).toMatchObject({
      attributes: { 'rpc.response.status_code': '-32602' },
      status: { code: SpanStatusCode.UNSET },
    });
  });

  it('counts a request a server answers once, there', async () => {
    watch();
    serve();
    line.send(echo(1));
    line.send(echo(2));
    await eventually(() => line.answers.length === 2 && telemetry.spans.length === 2, 'both answers');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/call echo', 'tools/call echo']);
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 2 }]);
  });

  it('ends a listen with its acknowledgement, and its subscription when it is cancelled', async () => {
    watch();
    serve();
    line.send(echo(1));
    line.send(listen);
    await eventually(() => line.answers.length === 2, 'answer and acknowledgement');
    const span = telemetry.span('subscriptions/listen');
    expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(span.attributes).toMatchObject({
      'jsonrpc.request.id': 'sub-1',
      'network.transport': 'pipe',
      'mcp.protocol.version': '2026-07-28',
    });
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(await telemetry.histogram(SUBSCRIPTION)).toEqual([]);
    line.send({ method: 'notifications/cancelled', params: { requestId: 'sub-1', _meta: MODERN_META } });
    await eventually(async () => (await telemetry.histogram(SUBSCRIPTION)).length === 1, 'the end of the subscription');
    expect(await telemetry.histogram(SUBSCRIPTION)).toMatchObject([
      { count: 1, attributes: { 'network.transport': 'pipe', 'mcp.protocol.version': '2026-07-28' } },
    ]);
  });

  it('ends a subscription when the connection is closed', async () => {
    watch();
    const running = serve();
    line.send(echo(1));
    line.send(listen);
    await eventually(() => line.answers.length === 2, 'the acknowledgement');
    await running.close();
    expect(await telemetry.histogram(SUBSCRIPTION)).toMatchObject([{ count: 1 }]);
  });
});

describe('serveStdio', () => {
  it('refusing the earlier era is told too', async () => {
    instrumentation.instrumentTransport(line.transport);
    serve({ legacy: 'reject' });
    line.send({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'old', version: '3' } },
    });
    await eventually(() => line.answers.length === 1, 'the refusal');
    expect(telemetry.span('initialize').attributes).toMatchObject({
      'error.type': '-32022',
      'handoff.mcp.client.name': 'old',
      'handoff.mcp.client.version': '3',
    });
  });

  it('seen in both ways makes no second span', async () => {
    instrumentation.adoptStdioTransportClass(StdioServerTransport.prototype);
    instrumentation.instrumentTransport(line.transport);
    serve();
    line.send(echo(1, { ...MODERN_META, 'io.modelcontextprotocol/protocolVersion': '2027-01-01' }));
    await eventually(() => line.answers.length === 1, 'the refusal');
    expect(telemetry.spans).toHaveLength(1);
  });

  it('is left alone where options say so, though its class is watched', async () => {
    instrumentation.adoptStdioTransportClass(StdioServerTransport.prototype);
    instrumentation.instrumentTransport(line.transport, { mode: 'off' });
    serve();
    line.send(echo(1, { ...MODERN_META, 'io.modelcontextprotocol/protocolVersion': '2027-01-01' }));
    await eventually(() => line.answers.length === 1, 'the refusal');
    expect(telemetry.spans).toEqual([]);
  });

  it('that was never started is untouched after disable()', () => {
    instrumentation.instrumentTransport(line.transport);
    expect(Object.hasOwn(line.transport, 'start')).toBe(true);
    instrumentation.disable();
    expect(Object.hasOwn(line.transport, 'start')).toBe(false);
  });

  it('with a real client of the modern era: the whole conversation, each message once on either side', async () => {
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const running = serveStdio(() => instrumentation.instrumentServer(makeServer()), {
      transport: instrumentation.instrumentTransport(serverSide),
    });
    closers.push(() => running.close());
    const client = instrumentation.instrumentClient(new Client({ name: 'c', version: '1' }, { versionNegotiation: { mode: 'auto' } }));
    await client.connect(clientSide);
    closers.push(() => client.close());
    await client.listTools();
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    const subscription = await client.listen({ toolsListChanged: true });
    await subscription.close();
    await eventually(() => telemetry.spansNamed('subscriptions/listen').length === 2, 'the listen');
    const expected = ['server/discover', 'tools/list', 'tools/call echo', 'subscriptions/listen'];
    for (const name of expected) {
      const sent = telemetry.span(name, SpanKind.CLIENT);
      expect(sent.attributes).toMatchObject({ 'mcp.protocol.version': '2026-07-28' });
      expect(telemetry.span(name, SpanKind.SERVER).parentSpanContext?.spanId).toBe(sent.spanContext().spanId);
    }
    expect(new Set(Object.values(await telemetry.counts('handoff.mcp.client.active_requests')))).toEqual(new Set([0]));
    expect(new Set(Object.values(await telemetry.counts('handoff.mcp.server.active_requests')))).toEqual(new Set([0]));
  });

  it('is untouched after disable()', () => {
    const { start } = StdioServerTransport.prototype;
    instrumentation.adoptStdioTransportClass(StdioServerTransport.prototype);
    expect(StdioServerTransport.prototype.start).not.toBe(start);
    instrumentation.disable();
    expect(StdioServerTransport.prototype.start).toBe(start);
  });

  it('started while watched is untouched after disable() as well', async () => {
    instrumentation.instrumentTransport(line.transport);
    serve();
    line.send(echo(1));
    await eventually(() => line.answers.length === 1, 'the answer');
    instrumentation.disable();
    for (const key of ['send', 'start']) expect(Object.hasOwn(line.transport, key)).toBe(false);
    line.send(echo(2));
    await eventually(() => line.answers.length === 2, 'the answer');
    expect(telemetry.spans).toHaveLength(1);
  });
});
