import { SpanKind } from '@opentelemetry/api';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectInMemory, connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe('spans of other instrumentations', () => {
  it('for the same call of a tool get our attributes, and no second span is made', async () => {
    const server = makeServer();
    const { client } = await connectInMemory(server);
    telemetry.instrumentation().instrumentClient(client);
    await client.listTools();
    await telemetry.tracerProvider
      .getTracer('genai')
      .startActiveSpan(
        'execute_tool echo',
        { attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'echo' } },
        async (span) => {
          await client.callTool({ name: 'echo', arguments: { text: 'a' } });
          expect(span.isRecording()).toBe(true);
          span.end();
        },
      );
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/list', 'execute_tool echo']);
    expect(telemetry.span('execute_tool echo').attributes).toMatchObject({ 'mcp.method.name': 'tools/call', 'jsonrpc.request.id': '2' });
    expect(await telemetry.points('tools/call', 'mcp.client.operation.duration')).toMatchObject([{ count: 1 }]);
  });

  it('for the same message received are taken even when it brings a parent of its own', async () => {
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(makeServer()));
    await telemetry.tracerProvider
      .getTracer('other')
      .startActiveSpan('mcp ping', { kind: SpanKind.SERVER, attributes: { 'mcp.method.name': 'ping' } }, async (span) => {
        await send({ id: 1, method: 'ping', params: { _meta: { traceparent: TRACEPARENT } } });
        await eventually(() => received.length === 1, 'the answer');
        span.end();
      });
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['mcp ping']);
    expect(telemetry.span('mcp ping').attributes).toMatchObject({ 'jsonrpc.request.id': '1' });
    expect(await telemetry.points('ping')).toMatchObject([{ count: 1 }]);
  });

  it.each([
    ['of another tool', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'refuse' }],
    ['of no tool', { 'http.request.method': 'POST' }],
  ])('%s are parents only', async (_what, attributes) => {
    const { client } = await connectInMemory(makeServer());
    telemetry.instrumentation().instrumentClient(client);
    await telemetry.tracerProvider.getTracer('genai').startActiveSpan('outer', { attributes }, async (span) => {
      await client.callTool({ name: 'echo', arguments: { text: 'a' } });
      span.end();
    });
    expect(telemetry.span('tools/call echo').parentSpanContext?.spanId).toBe(telemetry.span('outer').spanContext().spanId);
    expect(telemetry.span('outer').attributes).toEqual(attributes);
  });
});

describe('classes', () => {
  const prototypes = (): object[] => {
    const chain: object[] = [];
    const { server } = makeServer();
    for (
      let holder = Reflect.getPrototypeOf(server);
      holder !== null && holder !== Object.prototype;
      holder = Reflect.getPrototypeOf(holder)
    )
      chain.push(holder);
    return chain;
  };

  it('that are adopted cover every instance, and naming one of them makes no second span', async () => {
    const before = prototypes().map((prototype) => Object.getOwnPropertyDescriptors(prototype));
    const ownConnect = Object.getOwnPropertyDescriptor(McpServer.prototype, 'connect');
    const instrumentation = telemetry.instrumentation();
    const base = prototypes().at(-1);
    if (base === undefined) throw new Error('a server has a base class');
    instrumentation.adoptProtocolClass(base);
    instrumentation.adoptMcpServerClass(McpServer.prototype);
    const server = makeServer();
    instrumentation.instrumentServer(server);
    const first = await connectRaw(server);
    await first.send({ id: 1, method: 'tools/call', params: { name: 'refuse' } });
    const second = await connectRaw(makeServer());
    await second.send({ id: 1, method: 'tools/call', params: { name: 'explode' } });
    await eventually(() => telemetry.spans.length >= 2, 'the spans');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/call refuse', 'tools/call explode']);
    expect(telemetry.span('tools/call explode').events).toMatchObject([{ attributes: { 'exception.type': 'RangeError' } }]);
    instrumentation.disable();
    expect(prototypes().map((prototype) => Object.getOwnPropertyDescriptors(prototype))).toEqual(before);
    expect(Object.getOwnPropertyDescriptor(McpServer.prototype, 'connect')).toEqual(ownConnect);
  });
});

describe('disable()', () => {
  it('puts back every method, handler and callback, also of what is connected', async () => {
    const server = makeServer();
    const tool = server.registerTool('mine', {}, () => ({ content: [] }));
    const callbacks = (): unknown[] => ['executor', 'handler', 'callback'].map((key) => Reflect.get(tool, key));
    const before = callbacks();
    const prototype = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(server.server));
    const instrumentation = telemetry.instrumentation();
    instrumentation.instrumentServer(server);
    const [wire, transport] = InMemoryTransport.createLinkedPair();
    await server.connect(transport);
    await wire.start();
    await wire.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'mine' } });
    await eventually(() => telemetry.spans.length === 1, 'the span');
    expect(callbacks()).not.toEqual(before);
    instrumentation.disable();
    expect(callbacks()).toEqual(before);
    expect(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(server.server))).toEqual(prototype);
    for (const key of ['start', 'send']) expect(Object.hasOwn(transport, key)).toBe(false);
  });

  it('has nothing to put back on a server whose connections are closed', async () => {
    const server = makeServer();
    const tool = server.registerTool('mine', {}, () => ({ content: [] }));
    const callbacks = (): unknown[] => ['executor', 'handler', 'callback'].map((key) => Reflect.get(tool, key));
    const before = callbacks();
    const instrumentation = telemetry.instrumentation();
    instrumentation.instrumentServer(server);
    await callOnce(server);
    expect(callbacks()).toEqual(before);
    instrumentation.disable();
  });

  it('puts back the handlers of a server that dropped its connections without closing them', async () => {
    const server = makeServer();
    const tool = server.registerTool('mine', {}, () => ({ content: [] }));
    const callbacks = (): unknown[] => ['executor', 'handler', 'callback'].map((key) => Reflect.get(tool, key));
    const before = callbacks();
    const instrumentation = telemetry.instrumentation();
    instrumentation.instrumentServer(server);
    const { send, received } = await connectRaw(server);
    await send({ id: 1, method: 'tools/call', params: { name: 'mine' } });
    await eventually(() => received.length === 1, 'the answer');
    expect(callbacks()).not.toEqual(before);
    instrumentation.disable();
    expect(callbacks()).toEqual(before);
  });

  async function callOnce(server: McpServer): Promise<void> {
    const { send, received } = await connectRaw(server);
    await send({ id: 1, method: 'tools/call', params: { name: 'mine' } });
    await eventually(() => received.length === 1, 'the answer');
    await server.close();
  }

  it('ends what is open and counts it down', async () => {
    const server = makeServer();
    server.registerTool('hang', {}, () => new Promise(() => undefined));
    const instrumentation = telemetry.instrumentation();
    const { send } = await connectRaw(instrumentation.instrumentServer(server));
    await send({ id: 1, method: 'tools/call', params: { name: 'hang' } });
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).toEqual({ 'tools/call': 1 });
    instrumentation.disable();
    expect(telemetry.span('tools/call hang').ended).toBe(true);
  });
});
