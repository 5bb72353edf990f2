import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { Server } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectInMemory, connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe('a tool call', () => {
  it('is one SERVER span with the attributes of the conventions, and one point of the histogram', async () => {
    const server = telemetry.instrumentation().instrumentServer(makeServer());
    const { client } = await connectInMemory(server);
    const result = await client.callTool({ name: 'echo', arguments: { text: 'secret text' } });
    expect(result.content).toEqual([{ type: 'text', text: 'secret text' }]);

    const span = telemetry.span('tools/call echo');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'echo',
      'gen_ai.operation.name': 'execute_tool',
      'jsonrpc.request.id': '1',
      'handoff.mcp.client.name': 'test-client',
      'handoff.mcp.client.version': '1.0.0',
      'mcp.protocol.version': '2025-11-25',
    });
    const points = await telemetry.points('tools/call');
    expect(points).toEqual([
      {
        attributes: {
          'mcp.method.name': 'tools/call',
          'gen_ai.tool.name': 'echo',
          'gen_ai.operation.name': 'execute_tool',
          'mcp.protocol.version': '2025-11-25',
        },
        count: 1,
        boundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
      },
    ]);
    expect(JSON.stringify(telemetry.spans.map(({ attributes, events, status }) => ({ attributes, events, status })))).not.toContain(
      'secret',
    );
  });

  it('runs its handler inside the span', async () => {
    const server = makeServer();
    let inner: string | undefined;
    server.registerTool('look', {}, async () => {
      await Promise.resolve();
      inner = trace.getSpanContext(context.active())?.spanId;
      return { content: [] };
    });
    const { client } = await connectInMemory(telemetry.instrumentation().instrumentServer(server));
    await client.callTool({ name: 'look' });
    expect(inner).toBe(telemetry.span('tools/call look').spanContext().spanId);
  });

  it('answered with isError is a tool_error without the content', async () => {
    const { client } = await connectInMemory(telemetry.instrumentation().instrumentServer(makeServer()));
    await client.callTool({ name: 'refuse' });
    const span = telemetry.span('tools/call refuse');
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span.attributes['error.type']).toBe('tool_error');
    expect(span.attributes).not.toHaveProperty('rpc.response.status_code');
    expect(span.events).toEqual([]);
    expect(await telemetry.points('tools/call')).toMatchObject([
      { count: 1, attributes: { 'error.type': 'tool_error', 'gen_ai.tool.name': 'refuse' } },
    ]);
  });

  it('whose handler threw also tells the class and the frames of the exception, not its message', async () => {
    const server = telemetry.instrumentation().instrumentServer(makeServer());
    const { client } = await connectInMemory(server);
    const result = await client.callTool({ name: 'explode' });
    expect(result).toMatchObject({ isError: true, content: [{ text: 'secret explosion' }] });
    const span = telemetry.span('tools/call explode');
    expect(span.attributes['error.type']).toBe('tool_error');
    expect(span.events).toHaveLength(1);
    expect(span.events[0]).toMatchObject({ name: 'exception', attributes: { 'exception.type': 'RangeError' } });
    expect(String(span.events[0]?.attributes?.['exception.stacktrace'])).toMatch(/^ {4}at .*mcpPair/);
    expect(JSON.stringify([span.events, span.status, span.attributes])).not.toContain('secret');
  });

  it('replaced after registration still reports what it throws', async () => {
    const server = telemetry.instrumentation().instrumentServer(makeServer());
    const tool = server.registerTool('late', {}, () => ({ content: [] }));
    const { client } = await connectInMemory(server);
    await client.callTool({ name: 'late' });
    tool.update({
      callback: () => {
        throw new TypeError('later');
      },
    });
    await client.callTool({ name: 'late' });
    const [first, second] = telemetry.spansNamed('tools/call late');
    expect(first?.events).toEqual([]);
    expect(second?.events[0]?.attributes).toMatchObject({ 'exception.type': 'TypeError' });
  });

  it("of an unknown tool keeps the made-up name off the span name and the metric, and is the caller's fault", async () => {
    const { client } = await connectInMemory(telemetry.instrumentation().instrumentServer(makeServer()));
    const name = 'x'.repeat(300);
    await expect(client.callTool({ name })).rejects.toMatchObject({ code: -32602 });
    const span = telemetry.span('tools/call');
    expect(span.attributes['gen_ai.tool.name']).toBe('x'.repeat(128));
    expect(span.attributes['rpc.response.status_code']).toBe('-32602');
    expect(span.attributes).not.toHaveProperty('error.type');
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    const [point] = await telemetry.points('tools/call');
    expect(point?.attributes).toMatchObject({ 'gen_ai.tool.name': '_OTHER', 'rpc.response.status_code': '-32602' });
    expect(point?.attributes).not.toHaveProperty('error.type');
  });
});

describe('other requests', () => {
  it('are spans and points too, from the first message on', async () => {
    const { client } = await connectInMemory(telemetry.instrumentation().instrumentServer(makeServer()));
    await client.listTools();
    await client.getPrompt({ name: 'greet' });
    await client.readResource({ uri: 'note://one' });
    await client.ping();
    const names = telemetry.spans.map((span) => span.name);
    expect(names).toEqual(['initialize', 'notifications/initialized', 'tools/list', 'prompts/get greet', 'resources/read', 'ping']);
    expect(telemetry.span('initialize').attributes).toMatchObject({ 'jsonrpc.request.id': '0', 'mcp.protocol.version': '2025-11-25' });
    expect(telemetry.span('prompts/get greet').attributes).toMatchObject({ 'gen_ai.prompt.name': 'greet' });
    expect(telemetry.span('resources/read').attributes).toMatchObject({ 'mcp.resource.uri': 'note://one' });
    const [read] = await telemetry.points('resources/read');
    expect(read?.count).toBe(1);
    expect(read?.attributes).not.toHaveProperty('mcp.resource.uri');
    expect(await telemetry.points('initialize')).toMatchObject([{ count: 1 }]);
  });

  it('with an unknown method are _OTHER', async () => {
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(makeServer()));
    await send({ id: 1, method: 'made/up?with=secret' });
    await eventually(() => received.length === 1, 'the answer');
    const span = telemetry.span('_OTHER');
    expect(span.attributes).toMatchObject({ 'mcp.method.name': '_OTHER', 'rpc.response.status_code': '-32601' });
    expect(span.attributes).not.toHaveProperty('error.type');
  });

  it('that fail inside a low-level server are errors with code and exception, without the message', async () => {
    const server = new Server({ name: 'low', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler('tools/list', () => ({ tools: [{ name: 'listed', inputSchema: { type: 'object' } }] }));
    server.setRequestHandler('tools/call', () => {
      throw new SyntaxError('secret');
    });
    const { client } = await connectInMemory(telemetry.instrumentation().instrumentServer(server));
    await client.listTools();
    await expect(client.callTool({ name: 'listed' })).rejects.toMatchObject({ code: -32603 });
    const span = telemetry.span('tools/call listed');
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Internal error' });
    expect(span.attributes).toMatchObject({ 'error.type': '-32603', 'rpc.response.status_code': '-32603' });
    expect(span.events[0]?.attributes).toMatchObject({ 'exception.type': 'SyntaxError' });
  });
});
