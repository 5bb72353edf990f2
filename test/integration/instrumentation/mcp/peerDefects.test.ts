import { SpanKind, SpanStatusCode, propagation, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generations } from '../../../unit/instrumentation/mcp/generations.js';
import type { Pair } from '../../../unit/instrumentation/mcp/pair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';
import { quiet } from './faults/rawConnection.js';

// What other instrumentations of MCP get wrong, each defect a test that would fail on it. Named after where it was seen.

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe.each(generations)('with $name', ({ make }) => {
  async function connected(): Promise<Pair> {
    const pair = make();
    const { instrumentServer, instrumentClient } = telemetry.instrumentation();
    instrumentServer(pair.server);
    instrumentClient(pair.client);
    await pair.connect();
    return pair;
  }
  const received = (name: string) => telemetry.span(name, SpanKind.SERVER);

  it('there are metrics, in seconds, with the boundaries of the conventions (Sentry, Traceloop, mcp-handler, Python: none; Shinzo: ms)', async () => {
    const pair = await connected();
    await pair.call('echo');
    for (const metric of ['mcp.server.operation.duration', 'mcp.client.operation.duration']) {
      expect(await telemetry.points('tools/call', metric)).toMatchObject([
        { count: 1, boundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] },
      ]);
    }
    await pair.close();
    expect(await telemetry.histogram('mcp.server.session.duration')).toMatchObject([{ count: 1 }]);
  });

  it('an incoming call is a SERVER span of its own (Traceloop: only the outgoing side; OpenInference: no span; both and Shinzo: v1 only)', async () => {
    const pair = await connected();
    await pair.call('echo');
    expect(received('tools/call echo').attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'echo',
      'gen_ai.operation.name': 'execute_tool',
    });
    expect(received('tools/call echo').parentSpanContext?.spanId).toBe(
      telemetry.span('tools/call echo', SpanKind.CLIENT).spanContext().spanId,
    );
  });

  it('what is no tool call is seen as well: unknown tools, initialize, lists, notifications (autotel: registered handlers only)', async () => {
    const pair = await connected();
    pair.onTold(() => undefined);
    await pair.listTools();
    await pair.call('nothing').catch(() => undefined);
    await pair.askUnknown().catch(() => undefined);
    await pair.tellServer();
    await quiet();
    const names = telemetry.spans.filter(({ kind }) => kind === SpanKind.SERVER).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'initialize',
        'notifications/initialized',
        'tools/list',
        'tools/call',
        '_OTHER',
        'notifications/roots/list_changed',
      ]),
    );
  });

  it('what a server asks of its client is a CLIENT span there, and a SERVER span at the client (Sentry, context7: none)', async () => {
    const pair = await connected();
    await pair.sample();
    await pair.pingClient();
    expect(
      telemetry.spans
        .filter(({ name }) => name === 'sampling/createMessage' || name === 'ping')
        .map(({ name, kind }) => `${SpanKind[kind]} ${name}`)
        .sort(),
    ).toEqual(['CLIENT ping', 'CLIENT sampling/createMessage', 'SERVER ping', 'SERVER sampling/createMessage']);
  });

  it('content is off when nothing is set (Sentry, Traceloop: on), and does not leak into statuses (C#)', async () => {
    const pair = await connected();
    for (const tool of ['echo', 'refuse', 'explode']) await pair.call(tool);
    await pair.sample();
    await pair.elicit();
    await pair.log();
    for (const { attributes, events, status } of telemetry.spans)
      expect(JSON.stringify([attributes, events, status])).not.toContain('secret');
    expect(received('tools/call refuse').status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('attribute names are those of the conventions, or under handoff. (Sentry, Datadog: their own)', async () => {
    const pair = await connected();
    for (const tool of ['echo', 'refuse', 'explode', 'nothing']) await pair.call(tool).catch(() => undefined);
    await pair.sample();
    const keys = new Set(telemetry.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect(
      [...keys].filter(
        (key) =>
          !/^(?:mcp\.(?:method\.name|protocol\.version|session\.id|resource\.uri)|jsonrpc\.(?:request\.id|protocol\.version)|gen_ai\.(?:tool|prompt|operation)\.name|rpc\.response\.status_code|error\.type|network\.(?:transport|protocol\.name|protocol\.version)|(?:client|server)\.(?:address|port)|handoff\.mcp\..+)$/.test(
            key,
          ),
      ),
    ).toEqual([]);
  });

  it('a success has no status, never OK (autotel); error.type and status codes are those of the conventions (mcp-handler: its own)', async () => {
    const pair = await connected();
    for (const tool of ['echo', 'refuse', 'explode']) await pair.call(tool);
    await pair.askUnknown().catch(() => undefined);
    expect(telemetry.spans.map(({ status }) => status.code)).not.toContain(SpanStatusCode.OK);
    expect(received('tools/call echo').status.code).toBe(SpanStatusCode.UNSET);
    expect([received('tools/call refuse'), received('tools/call explode')].map(({ attributes }) => attributes['error.type'])).toEqual([
      'tool_error',
      'tool_error',
    ]);
    // The caller's fault is the caller's error (autotel, C#: the server's too).
    expect(received('_OTHER')).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'rpc.response.status_code': '-32601' },
    });
    expect(telemetry.span('_OTHER', SpanKind.CLIENT)).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': '-32601', 'rpc.response.status_code': '-32601' },
    });
  });

  it('the exception behind an error result is on the span (all but Sentry), and the error itself still gets to the caller (Shinzo: swallowed)', async () => {
    const pair = await connected();
    expect(await pair.call('explode')).toMatchObject({ isError: true, content: [{ text: 'secret explosion' }] });
    expect(received('tools/call explode').events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'RangeError' } }]);
  });

  it('two instrumentations at once make one span (Python, mcp-handler: two)', async () => {
    const pair = make();
    for (let time = 0; time < 2; time += 1) {
      telemetry.instrumentation().instrumentServer(pair.server);
    }
    await pair.connect();
    await pair.call('echo');
    expect(telemetry.spansNamed('tools/call echo')).toHaveLength(1);
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1 }]);
  });

  it('there is an off switch (Python SDK), and a tracer provider alone switches nothing on (mcp-handler)', async () => {
    trace.setGlobalTracerProvider(telemetry.tracerProvider);
    const bare = make();
    await bare.connect();
    await bare.call('echo');
    const off = make();
    telemetry.instrumentation({ options: { mode: 'off' } }).instrumentServer(off.server);
    await off.connect();
    await off.call('echo');
    trace.disable();
    expect(telemetry.spans).toEqual([]);
  });
});

it('a client injects into _meta of requests and notifications (Traceloop, Sentry: nothing; OpenInference: requests only)', async () => {
  for (const { make } of generations) {
    const pair = make();
    telemetry.instrumentation().instrumentClient(pair.client);
    const sent: { readonly method?: string; readonly params?: { readonly _meta?: { readonly traceparent?: string } } }[] = [];
    await pair.connect();
    const { transport } = (pair.server as unknown as { readonly server: { readonly transport: { onmessage: (message: object) => void } } })
      .server;
    const { onmessage } = transport;
    transport.onmessage = (message, ...others: []) => {
      sent.push(message);
      onmessage.call(transport, message, ...others);
    };
    await pair.call('echo');
    await pair.tellServer();
    await eventually(() => sent.length === 2, 'both messages');
    expect(sent.map(({ params }) => params?._meta?.traceparent)).toEqual([expect.stringMatching(/^00-/), expect.stringMatching(/^00-/)]);
    await pair.close();
  }
  expect(propagation.fields()).toContain('traceparent');
});
