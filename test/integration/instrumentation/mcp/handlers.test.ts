import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../src/instrumentation/mcp/instrumentation.js';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { MODERN_META, modernRequest } from '../../../unit/instrumentation/mcp/modern.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const SUBSCRIPTION = 'handoff.mcp.server.subscription.duration';

let telemetry: TelemetryHarness;
let instrumentation: McpHooks;
let host: HttpHost;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  instrumentation = telemetry.instrumentation();
  host = new HttpHost();
});
afterEach(async () => {
  await host.close();
  await telemetry.dispose();
});

type Handler = ReturnType<typeof createMcpHandler>;

function makeHandler(options?: Parameters<typeof createMcpHandler>[1]): Handler {
  const handler = instrumentation.instrumentHandler(createMcpHandler(() => instrumentation.instrumentServer(makeServer()), options));
  host.closers.push(() => handler.close());
  return handler;
}

const echo = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'a' } } };
const listen = { id: 'sub-1', method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } };

describe('what a handler refuses before a server exists', () => {
  it.each([
    [
      'an unknown version',
      modernRequest(
        { ...echo, params: { ...echo.params, _meta: { ...MODERN_META, 'io.modelcontextprotocol/protocolVersion': '2027-01-01' } } },
        { 'mcp-protocol-version': '2027-01-01' },
      ),
      'tools/call',
      '-32022',
      '_OTHER',
    ],
    ['a header that is not the body', modernRequest(echo, { 'mcp-name': 'refuse' }), 'tools/call', '-32020', '2026-07-28'],
    ['a wrong content type', modernRequest(echo, { 'content-type': 'text/plain' }), 'tools/call', '-32000', '2026-07-28'],
  ])('is one SERVER span and one point: %s', async (_what, request, method, code, version) => {
    const answer = await makeHandler().fetch(request);
    expect(answer.ok).toBe(false);
    expect(await answer.json()).toMatchObject({ error: { code: Number(code) } });
    await eventually(() => telemetry.spans.length === 1, 'the span');
    const span = telemetry.span(method);
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).toMatchObject({
      'mcp.method.name': method,
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'error.type': code,
      'rpc.response.status_code': code,
      'mcp.protocol.version': version,
    });
    expect(await telemetry.points(method)).toMatchObject([
      { count: 1, attributes: { 'error.type': code, 'rpc.response.status_code': code } },
    ]);
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).toEqual({ [method]: 0 });
  });

  it.each([
    ['bad JSON', '{', '-32700'],
    ['no JSON', '', '-32700'],
  ])("is the caller's fault: %s", async (_what, body, code) => {
    const answer = await makeHandler({ legacy: 'reject' }).fetch(
      new Request('http://127.0.0.1/mcp', { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    );
    expect(answer.status).toBe(400);
    await eventually(() => telemetry.spans.length === 1, 'the span');
    expect(telemetry.span('_OTHER')).toMatchObject({
      attributes: { 'mcp.method.name': '_OTHER', 'rpc.response.status_code': code },
      status: { code: SpanStatusCode.UNSET },
    });
    expect(telemetry.span('_OTHER').attributes).not.toHaveProperty('error.type');
    expect(telemetry.span('_OTHER').attributes).not.toHaveProperty('jsonrpc.request.id');
  });

  it('tells the id, the parent in the headers and a made-up tool only as far as allowed', async () => {
    await makeHandler().fetch(modernRequest({ ...echo, params: { name: 'made-up' } }, { 'mcp-name': 'other', traceparent: TRACEPARENT }));
    await eventually(() => telemetry.spans.length === 1, 'the span');
    const span = telemetry.span('tools/call');
    expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(span.attributes).toMatchObject({
      'jsonrpc.request.id': '1',
      'gen_ai.tool.name': 'other',
      'gen_ai.operation.name': 'execute_tool',
    });
    expect(await telemetry.points('tools/call')).toMatchObject([{ attributes: { 'gen_ai.tool.name': '_OTHER' } }]);
  });

  it('is measured from its arrival', async () => {
    const handler = makeHandler();
    const beforeMs = Date.now();
    await handler.fetch(modernRequest(echo, { 'mcp-name': 'refuse' }));
    await eventually(() => telemetry.spans.length === 1, 'the span');
    const [seconds, nanos] = telemetry.span('tools/call').startTime;
    const startMs = seconds * 1000 + nanos / 1e6;
    expect(startMs).toBeGreaterThanOrEqual(beforeMs - 1);
    expect(startMs).toBeLessThanOrEqual(Date.now() + 1);
  });
});

describe('a request that reaches a server', () => {
  it('counts there and not at the handler a second time', async () => {
    const answer = await makeHandler().fetch(modernRequest(echo));
    expect(await answer.text()).toContain('resultType');
    await eventually(() => telemetry.spans.length > 0, 'the span');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['tools/call echo']);
    expect(telemetry.span('tools/call echo').attributes).toMatchObject({
      'handoff.mcp.result.type': 'complete',
      'handoff.mcp.client.name': 'raw',
    });
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1, attributes: { 'handoff.mcp.result.type': 'complete' } }]);
  });

  it('and is refused there counts once as well', async () => {
    await makeHandler().fetch(modernRequest({ id: 1, method: 'resources/subscribe', params: { uri: 'note://one' } }));
    await eventually(() => telemetry.spans.length > 0, 'the span');
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['resources/subscribe']);
    expect(telemetry.span('resources/subscribe').attributes).toMatchObject({ 'rpc.response.status_code': '-32601' });
  });
});

describe('subscriptions/listen', () => {
  it('ends with its acknowledgement; the life of its stream is a duration of its own', async () => {
    const handler = makeHandler();
    const abort = new AbortController();
    const answer = await handler.fetch(
      modernRequest({ ...listen, params: { ...listen.params, _meta: { ...MODERN_META, traceparent: TRACEPARENT } } }, {}, abort.signal),
    );
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('notifications/subscriptions/acknowledged');
    const span = telemetry.span('subscriptions/listen');
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.attributes).toEqual({
      'mcp.method.name': 'subscriptions/listen',
      'jsonrpc.request.id': 'sub-1',
      'mcp.protocol.version': '2026-07-28',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'handoff.mcp.client.name': 'raw',
      'handoff.mcp.client.version': '1',
    });
    expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(await telemetry.points('subscriptions/listen')).toMatchObject([{ count: 1 }]);
    expect(await telemetry.histogram(SUBSCRIPTION)).toEqual([]);
    handler.notify.toolsChanged();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('notifications/tools/list_changed');
    abort.abort();
    expect(await telemetry.histogram(SUBSCRIPTION)).toMatchObject([
      { count: 1, attributes: { 'mcp.protocol.version': '2026-07-28', 'network.transport': 'tcp', 'network.protocol.name': 'http' } },
    ]);
  });

  it.each([
    ['its reader cancels', (_handler: Handler, reader: ReadableStreamDefaultReader) => reader.cancel()],
    [
      'the handler closes',
      async (handler: Handler, reader: ReadableStreamDefaultReader) => {
        await handler.close();
        while (!(await reader.read()).done);
      },
    ],
  ])('is over when %s, once', async (_how, end) => {
    const handler = makeHandler();
    const abort = new AbortController();
    const answer = await handler.fetch(modernRequest(listen, {}, abort.signal));
    const reader = answer.body?.getReader();
    if (reader === undefined) throw new Error('no stream');
    await reader.read();
    await end(handler, reader);
    abort.abort();
    expect(await telemetry.histogram(SUBSCRIPTION)).toMatchObject([{ count: 1 }]);
  });

  it('that is refused is an operation without a subscription', async () => {
    const answer = await makeHandler({ maxSubscriptions: 0 }).fetch(modernRequest(listen));
    expect(await answer.json()).toMatchObject({ error: { code: -32603 } });
    await eventually(() => telemetry.spans.length === 1, 'the span');
    expect(telemetry.span('subscriptions/listen').attributes).toMatchObject({ 'error.type': '-32603', 'jsonrpc.request.id': 'sub-1' });
    expect(await telemetry.histogram(SUBSCRIPTION)).toEqual([]);
  });

  it('of a real client is a CLIENT span that ends with the acknowledgement too', async () => {
    const client = instrumentation.instrumentClient(new Client({ name: 'c', version: '1' }, { versionNegotiation: { mode: 'auto' } }));
    await client.connect(new StreamableHTTPClientTransport(await host.serve(makeHandler())));
    host.closers.push(() => client.close());
    const subscription = await client.listen({ toolsListChanged: true });
    await eventually(() => telemetry.spansNamed('subscriptions/listen').length === 2, 'both spans');
    const sent = telemetry.span('subscriptions/listen', SpanKind.CLIENT);
    expect(sent.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(telemetry.span('subscriptions/listen', SpanKind.SERVER).parentSpanContext?.spanId).toBe(sent.spanContext().spanId);
    await subscription.close();
    await client.close();
    expect(await telemetry.counts('handoff.mcp.client.active_requests')).toMatchObject({ 'subscriptions/listen': 0 });
    await eventually(async () => (await telemetry.histogram(SUBSCRIPTION)).length === 1, 'the end of the stream');
  });
});
