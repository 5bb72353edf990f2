import { trace } from '@opentelemetry/api';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../src/instrumentation/mcp/instrumentation.js';
import type { McpOptions } from '../../../../src/instrumentation/mcp/options.js';
import { connectInMemory, connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const REMOTE_SPAN = 'b7ad6b7169203331';
const TRACEPARENT = `00-0af7651916cd43dd8448eb211c80319c-${REMOTE_SPAN}-01`;

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

type Raw = Awaited<ReturnType<typeof connectRaw>>;

function serve(options: McpOptions, defaults?: McpOptions): Promise<Raw> {
  return connectRaw(
    telemetry.instrumentation({ ...(defaults === undefined ? {} : { options: defaults }) }).instrumentServer(makeServer(), options),
  );
}

const ping = (id: number, meta: object = {}): object => ({ id, method: 'ping', params: { _meta: meta } });

describe('modes', () => {
  it('off leaves server and transport as they were', async () => {
    const [, transport] = InMemoryTransport.createLinkedPair();
    await telemetry.instrumentation().instrumentServer(makeServer(), { mode: 'off' }).connect(transport);
    expect(Object.keys(transport)).not.toContain('send');
    expect(Object.hasOwn(transport, 'send')).toBe(false);
  });

  it('propagation-only passes the trace on and makes no span and no point', async () => {
    const server = makeServer();
    let seen: string | undefined;
    server.registerTool('look', {}, () => {
      seen = trace.getActiveSpan()?.spanContext().spanId;
      return { content: [] };
    });
    const { instrumentClient, instrumentServer } = telemetry.instrumentation({ options: { mode: 'propagation-only' } });
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    await instrumentServer(server).connect(serverSide);
    const client = instrumentClient(new Client({ name: 'c', version: '1' }));
    await client.connect(clientSide);
    await telemetry.tracer.startActiveSpan('host', async (span) => {
      await client.callTool({ name: 'look' });
      span.end();
    });
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['host']);
    expect(seen).toBe(telemetry.span('host').spanContext().spanId);
    await client.close();
    for (const metric of [
      'mcp.server.operation.duration',
      'mcp.client.operation.duration',
      'mcp.server.session.duration',
      'mcp.client.session.duration',
    ])
      expect(await telemetry.histogram(metric)).toEqual([]);
  });

  it('of single methods win over the general one, and unknown methods are _OTHER', async () => {
    const { send, received } = await serve({ methods: { ping: 'off', _OTHER: 'off' } });
    await send(ping(1));
    await send({ id: 2, method: 'made/up' });
    await send({ id: 3, method: 'tools/list' });
    await eventually(() => received.length === 3, 'three answers');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/list']);
    expect(await telemetry.points('ping')).toEqual([]);
  });

  it('full of one method in an instrumentation that is off', async () => {
    const { send, received } = await serve({ mode: 'off', methods: { ping: 'full' } });
    await send(ping(1));
    await send({ id: 3, method: 'tools/list' });
    await eventually(() => received.length === 2, 'two answers');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['ping']);
  });

  it('off for cancellations still ends what is cancelled', async () => {
    const server = makeServer();
    let running = false;
    server.registerTool('hang', {}, () => {
      running = true;
      return new Promise(() => undefined);
    });
    const { send } = await connectRaw(
      telemetry.instrumentation().instrumentServer(server, { methods: { 'notifications/cancelled': 'off' } }),
    );
    await send({ id: 1, method: 'tools/call', params: { name: 'hang' } });
    await eventually(() => running, 'the handler');
    await send({ method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(telemetry.span('tools/call hang').attributes['error.type']).toBe('cancelled');
    expect(telemetry.spans).toHaveLength(1);
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).toEqual({ 'tools/call': 0 });
  });

  it('given for one server win over those given for all', async () => {
    const { send, received } = await serve({ mode: 'full' }, { mode: 'off', remoteParent: 'ignore' });
    await send(ping(1, { traceparent: TRACEPARENT }));
    await eventually(() => received.length === 1, 'the answer');
    expect(telemetry.span('ping').parentSpanContext).toBeUndefined();
  });
});

describe('options of one server whose class was adopted', () => {
  let instrumentation: McpHooks;
  beforeEach(() => {
    instrumentation = telemetry.instrumentation();
    let base = Object.getPrototypeOf(makeServer().server) as object;
    for (let next = Reflect.getPrototypeOf(base); next !== null && next !== Object.prototype; next = Reflect.getPrototypeOf(next))
      base = next;
    instrumentation.adoptProtocolClass(base);
  });
  afterEach(() => {
    instrumentation.disable();
  });

  it.each(['before', 'after'])('win when given %s it is connected', async (when) => {
    const { instrumentServer } = instrumentation;
    const server = makeServer();
    const options: McpOptions = { resourceUriInName: true, methods: { ping: 'off' } };
    if (when === 'before') instrumentServer(server, options);
    const { send, received } = await connectRaw(server);
    if (when === 'after') instrumentServer(server, options);
    await send(ping(1));
    await send({ id: 2, method: 'resources/read', params: { uri: 'note://one' } });
    await eventually(() => received.length === 2, 'two answers');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['resources/read note://one']);
  });

  it('may turn it off in the middle: what is open ends as it would have', async () => {
    const { instrumentServer } = instrumentation;
    const server = makeServer();
    let answer = (): void => undefined;
    server.registerTool('wait', {}, () => new Promise((resolve) => (answer = () => resolve({ content: [] }))));
    const { send, received, wire } = await connectRaw(server);
    await send({ id: 1, method: 'tools/call', params: { name: 'wait' } });
    instrumentServer(server, { mode: 'off' });
    await send(ping(2));
    answer();
    await eventually(() => received.length === 2, 'two answers');
    await wire.close();
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/call']);
    expect(telemetry.span('tools/call').attributes).not.toHaveProperty('error.type');
    expect(await telemetry.histogram('mcp.server.session.duration')).toEqual([]);
  });
});

describe('remote parents', () => {
  it.each([
    ['link', [REMOTE_SPAN]],
    ['ignore', []],
  ] as const)('may only be a %s', async (remoteParent, linked) => {
    const { send, received } = await serve({ remoteParent });
    await telemetry.tracer.startActiveSpan('POST /mcp', async (ambient) => {
      await send(ping(1, { traceparent: TRACEPARENT }));
      ambient.end();
    });
    await send(ping(2, { traceparent: TRACEPARENT }));
    await eventually(() => received.length === 2, 'two answers');
    const [nested, root] = telemetry.spansNamed('ping');
    expect(nested?.parentSpanContext?.spanId).toBe(telemetry.span('POST /mcp').spanContext().spanId);
    expect(root?.parentSpanContext).toBeUndefined();
    for (const span of [nested, root]) expect(span?.links.map((link) => link.context.spanId)).toEqual(linked);
  });
});

describe('names and attributes', () => {
  it('have the URI in resource spans when asked for, and never on metrics', async () => {
    const { client } = await connectInMemory(telemetry.instrumentation().instrumentServer(makeServer(), { resourceUriInName: true }));
    await client.readResource({ uri: 'note://one' });
    expect(telemetry.span('resources/read note://one').attributes['mcp.resource.uri']).toBe('note://one');
    expect(JSON.stringify(await telemetry.points('resources/read'))).not.toContain('note://one');
  });

  it('have the network a host declares for its own transport', async () => {
    const { send, received } = await serve({ network: { transport: 'tcp', protocolName: 'websocket', protocolVersion: '13' } });
    await send(ping(1));
    await eventually(() => received.length === 1, 'the answer');
    const network = { 'network.transport': 'tcp', 'network.protocol.name': 'websocket', 'network.protocol.version': '13' };
    expect(telemetry.span('ping').attributes).toMatchObject(network);
    expect(await telemetry.points('ping')).toMatchObject([{ attributes: network }]);
  });

  it('have the conversation on spans only', async () => {
    const { send, received } = await serve({ conversation: { metaKey: 'example.org/thread' } });
    await send(ping(1, { 'example.org/thread': 'thread-1' }));
    await send(ping(2));
    await eventually(() => received.length === 2, 'two answers');
    expect(telemetry.spansNamed('ping').map((span) => span.attributes['gen_ai.conversation.id'])).toEqual(['thread-1', undefined]);
    expect(JSON.stringify(await telemetry.points('ping'))).not.toContain('thread-1');
  });
});
