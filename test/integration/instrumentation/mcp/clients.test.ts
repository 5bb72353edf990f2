import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpOptions } from '../../../../src/instrumentation/mcp/options.js';
import { generations } from '../../../unit/instrumentation/mcp/generations.js';
import type { Pair } from '../../../unit/instrumentation/mcp/pair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const CLIENT_METRIC = 'mcp.client.operation.duration';
const CLIENT_ACTIVE = 'handoff.mcp.client.active_requests';
const SERVER_ACTIVE = 'handoff.mcp.server.active_requests';

describe.each(generations)('the client of $name', ({ make }) => {
  let telemetry: TelemetryHarness;
  let pair: Pair;
  beforeEach(() => {
    telemetry = new TelemetryHarness();
    pair = make();
  });
  afterEach(async () => {
    await pair.close();
    await telemetry.dispose();
  });

  async function connectClient(options?: McpOptions): Promise<void> {
    telemetry.instrumentation().instrumentClient(pair.client, options);
    await pair.connect();
  }

  async function connectBoth(): Promise<void> {
    const { instrumentClient, instrumentServer } = telemetry.instrumentation();
    instrumentClient(pair.client);
    instrumentServer(pair.server);
    await pair.connect();
  }

  it('names the tool it calls in the span, listed or not, and on metrics once it was listed', async () => {
    await connectClient();
    await pair.call('echo');
    expect(telemetry.span('tools/call echo', SpanKind.CLIENT).attributes).toMatchObject({ 'gen_ai.tool.name': 'echo' });
    expect(await telemetry.points('tools/call', CLIENT_METRIC)).toMatchObject([{ attributes: { 'gen_ai.tool.name': '_OTHER' } }]);
  });

  it('makes a CLIENT span and a point of every message it sends, named once the tool was listed', async () => {
    await connectClient();
    await pair.listTools();
    await pair.call('echo');
    expect(telemetry.spans.map(({ name, kind }) => ({ name, kind }))).toEqual(
      ['initialize', 'notifications/initialized', 'tools/list', 'tools/call echo'].map((name) => ({ name, kind: SpanKind.CLIENT })),
    );
    const span = telemetry.span('tools/call echo');
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'echo',
      'gen_ai.operation.name': 'execute_tool',
      'jsonrpc.request.id': '2',
      'mcp.protocol.version': '2025-11-25',
    });
    expect(await telemetry.points('tools/call', CLIENT_METRIC)).toEqual([
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
    expect(await telemetry.histogram('mcp.server.operation.duration')).toEqual([]);
  });

  it('tells the negotiated version on its initialize', async () => {
    await connectClient();
    expect(telemetry.span('initialize').attributes).toMatchObject({ 'mcp.protocol.version': '2025-11-25', 'jsonrpc.request.id': '0' });
    expect(await telemetry.points('initialize', CLIENT_METRIC)).toMatchObject([{ attributes: { 'mcp.protocol.version': '2025-11-25' } }]);
  });

  it("is the parent of the server's span, through _meta and without a link to itself", async () => {
    await connectBoth();
    await telemetry.tracer.startActiveSpan('host', async (host) => {
      await pair.call('echo');
      host.end();
    });
    await eventually(() => telemetry.spansNamed('tools/call echo').length === 2, 'both spans');
    const client = telemetry.span('tools/call echo', SpanKind.CLIENT);
    const server = telemetry.span('tools/call echo', SpanKind.SERVER);
    expect(client.parentSpanContext?.spanId).toBe(telemetry.span('host').spanContext().spanId);
    expect(server.parentSpanContext).toMatchObject({ spanId: client.spanContext().spanId, isRemote: true });
    expect(server.links).toEqual([]);
  });

  it('sees an error result as tool_error', async () => {
    await connectClient();
    await pair.listTools();
    await pair.call('refuse');
    expect(telemetry.span('tools/call refuse')).toMatchObject({
      attributes: { 'error.type': 'tool_error' },
      status: { code: SpanStatusCode.ERROR },
    });
  });

  it("sees what is only the caller's fault as its own error", async () => {
    await connectBoth();
    await expect(pair.askUnknown()).rejects.toThrow();
    await eventually(() => telemetry.spansNamed('_OTHER').length === 2, 'both spans');
    const server = telemetry.span('_OTHER', SpanKind.SERVER);
    expect(server).toMatchObject({ attributes: { 'rpc.response.status_code': '-32601' }, status: { code: SpanStatusCode.UNSET } });
    expect(server.attributes).not.toHaveProperty('error.type');
    expect(telemetry.span('_OTHER', SpanKind.CLIENT)).toMatchObject({
      attributes: { 'rpc.response.status_code': '-32601', 'error.type': '-32601' },
      status: { code: SpanStatusCode.ERROR, message: 'Method not found' },
    });
    expect(await telemetry.points('_OTHER', CLIENT_METRIC)).toMatchObject([
      { attributes: { 'error.type': '-32601', 'rpc.response.status_code': '-32601' } },
    ]);
  });

  it('ends a call as cancelled on both sides when the caller aborts it', async () => {
    await connectBoth();
    const abort = new AbortController();
    const failed = expect(pair.call('hang', { signal: abort.signal })).rejects.toThrow();
    await pair.hanging;
    expect(await telemetry.counts(CLIENT_ACTIVE)).toMatchObject({ 'tools/call': 1 });
    expect(await telemetry.counts(SERVER_ACTIVE)).toMatchObject({ 'tools/call': 1 });
    abort.abort(new Error('enough'));
    await failed;
    await bothEnd('cancelled');
  });

  it('ends a call as timeout at the caller, and as cancelled at the server', async () => {
    await connectBoth();
    await expect(pair.call('hang', { timeout: 20 })).rejects.toThrow(/timed out/u);
    await bothEnd('cancelled', 'timeout');
  });

  it('ends a call as timeout when progress used up its total time', async () => {
    await connectClient();
    await expect(
      pair.call('progress', { timeout: 5000, maxTotalTimeout: 1e-9, resetTimeoutOnProgress: true, onprogress: () => undefined }),
    ).rejects.toThrow(/total timeout/u);
    await eventually(() => telemetry.spansNamed('tools/call progress').length === 1, 'the span');
    expect(telemetry.span('tools/call progress').attributes['error.type']).toBe('timeout');
  });

  it('ends a call as connection_closed on both sides when the connection closes', async () => {
    await connectBoth();
    const failed = expect(pair.call('hang')).rejects.toThrow();
    await pair.hanging;
    await pair.close();
    await failed;
    await bothEnd('connection_closed');
  });

  it('fails a call that cannot be sent with the class of the error, and counts it down', async () => {
    await connectClient();
    class WireBroken extends Error {}
    breakWire(pair.client);
    await expect(pair.call('echo')).rejects.toThrow('broken wire');
    expect(telemetry.span('tools/call echo').attributes['error.type']).toBe('WireBroken');
    expect(await telemetry.counts(CLIENT_ACTIVE)).toMatchObject({ 'tools/call': 0 });

    function breakWire(client: object): void {
      const transport: unknown = Reflect.get(client, 'transport');
      if (typeof transport !== 'object' || transport === null) throw new Error('not connected');
      Reflect.set(transport, '_otherTransport', {
        get onmessage(): never {
          throw new WireBroken('broken wire');
        },
        close: () => Promise.resolve(),
      });
    }
  });

  async function bothEnd(server: string, client = server): Promise<void> {
    await eventually(() => telemetry.spans.filter((span) => span.name.startsWith('tools/call')).length === 2, 'two spans');
    const byKind = Object.fromEntries(
      telemetry.spans.filter((span) => span.name.startsWith('tools/call')).map((span) => [span.kind, span.attributes['error.type']]),
    );
    expect(byKind).toEqual({ [SpanKind.SERVER]: server, [SpanKind.CLIENT]: client });
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1, attributes: { 'error.type': server } }]);
    expect(await telemetry.points('tools/call', CLIENT_METRIC)).toMatchObject([{ count: 1, attributes: { 'error.type': client } }]);
    expect(await telemetry.counts(CLIENT_ACTIVE)).toMatchObject({ 'tools/call': 0 });
    expect(await telemetry.counts(SERVER_ACTIVE)).toMatchObject({ 'tools/call': 0 });
  }
});

describe('an answer the SDK refuses to hand on', () => {
  it.each(generations)('is an answer all the same: the span ended when it came, $name', async ({ make }) => {
    const telemetry = new TelemetryHarness();
    const pair = make();
    telemetry.instrumentation().instrumentClient(pair.client);
    await pair.connect();
    spoil(pair.client);
    await expect(pair.listTools()).rejects.toThrow();
    expect(telemetry.span('tools/list').attributes).not.toHaveProperty('error.type');
    await pair.close();
    await telemetry.dispose();
  });

  /** Makes every listing unreadable on its way, in place of a server that errs. */
  function spoil(client: object): void {
    const transport: unknown = Reflect.get(client, 'transport');
    if (typeof transport !== 'object' || transport === null) throw new Error('not connected');
    const deliver: unknown = Reflect.get(transport, 'onmessage');
    if (typeof deliver !== 'function') throw new Error('not connected');
    Reflect.set(
      transport,
      'onmessage',
      (message: { result?: object }, extra: unknown): unknown =>
        Reflect.apply(deliver, transport, [
          message.result === undefined ? message : { ...message, result: { tools: 'none' } },
          extra,
        ]) as unknown,
    );
  }
});
