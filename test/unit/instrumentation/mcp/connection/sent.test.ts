import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../../src/instrumentation/mcp/connection/connection.js';
import { Sent } from '../../../../../src/instrumentation/mcp/connection/sent.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
let test: TestScope;
let connection: Connection;
let sent: Sent;
let timers: Map<unknown, unknown>;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  test = new TestScope(telemetry);
  timers = new Map();
  connection = test.connect({ protocol: { callTool: () => undefined, _timeoutInfo: timers, _responseHandlers: new Map() } });
  sent = new Sent(connection);
});
afterEach(() => telemetry.dispose());

const types = (): unknown[] => test.points.filter(({ metric }) => metric === 'sent').map(({ attributes }) => attributes['error.type']);
const ping = (id: number): { id: number; method: string } => ({ id, method: 'ping' });

describe('a sent request', () => {
  it('carries the trace context of its span', () => {
    const departure = sent.begin(ping(1), undefined);
    connection.close();
    const { traceId, spanId } = telemetry.span('ping').spanContext();
    expect(departure?.message).toEqual({ id: 1, method: 'ping', params: { _meta: { traceparent: `00-${traceId}-${spanId}-01` } } });
  });

  it('ends with its answer, also when the peer turned the id into text', async () => {
    sent.begin(ping(1), undefined)?.done();
    await test.clock.advance(1000);
    sent.answered({ id: 'other', result: {} });
    expect(test.points).toEqual([]);
    sent.answered({ id: '1', result: {} });
    expect(test.points).toMatchObject([{ metric: 'sent', seconds: 1 }]);
    sent.answered({ id: 1, result: {} });
    expect(test.points).toHaveLength(1);
  });

  it('leaves the span of another instrumentation where it is, also for what is done within', () => {
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'echo' };
    const span = telemetry.tracerProvider.getTracer('other').startSpan('foreign', { attributes });
    const departure = context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
      sent.begin({ id: 1, method: 'tools/call', params: { name: 'echo' } }, undefined),
    );
    expect(departure?.context).toBeUndefined();
    const { context: own = ROOT_CONTEXT } = sent.begin(ping(2), undefined) ?? {};
    expect(trace.getSpan(own)?.isRecording()).toBe(true);
  });

  it('is named by what the server has listed', () => {
    sent.begin({ id: 1, method: 'tools/list' }, undefined);
    sent.answered({ id: 1, result: { tools: [{ name: 'echo' }] } });
    for (const [id, name] of [
      [2, 'echo'],
      [3, 'made up'],
    ] as const) {
      sent.begin({ id, method: 'tools/call', params: { name } }, undefined);
      sent.answered({ id, result: {} });
    }
    expect(test.points.map(({ attributes }) => attributes['gen_ai.tool.name'])).toEqual([undefined, 'echo', '_OTHER']);
  });

  it('that could not be sent failed', () => {
    sent.begin(ping(1), undefined)?.failed(Object.assign(new Error('x'), { code: 503 }));
    expect(types()).toEqual(['503']);
  });

  it.each([
    ['McpError: MCP error -32001: Request timed out', 0, 'timeout'],
    ['SdkError: Request timed out', 0, 'timeout'],
    ['TimeoutError: The operation was aborted due to timeout', 0, 'timeout'],
    ['AbortError: This operation was aborted', 60_000, 'cancelled'],
    ['the user left', 0, 'cancelled'],
    [undefined, 0, 'cancelled'],
    [undefined, 49_000, 'timeout'],
  ])('given up for the reason %j after %d ms is %s', async (reason, afterMs, expected) => {
    timers.set(1, { timeout: 50_000 });
    sent.begin(ping(1), undefined);
    await test.clock.advance(afterMs);
    sent.abandoned({ requestId: 1, ...(reason === undefined ? {} : { reason }) });
    expect(types()).toEqual([expected]);
  });

  it.each([undefined, {}, { requestId: 2 }, { requestId: {} }])('is not given up by %j', (params) => {
    sent.begin(ping(1), undefined);
    sent.abandoned(params);
    expect(test.points).toEqual([]);
  });

  it.each([
    [0, 'cancelled'],
    [50_000, 'timeout'],
  ])('whose HTTP stream is closed without a word after %d ms is %s', async (afterMs, expected) => {
    timers.set(1, { timeout: 50_000 });
    const abort = new AbortController();
    sent.begin(ping(1), { requestSignal: abort.signal });
    await test.clock.advance(afterMs);
    abort.abort();
    expect(types()).toEqual([expected]);
  });

  it('still open when the connection closes was cut off, or overdue', async () => {
    timers.set(1, { timeout: 50_000 });
    for (const id of [1, 2]) sent.begin(ping(id), undefined);
    await test.clock.advance(50_000);
    connection.close();
    expect(types()).toEqual(['timeout', 'connection_closed']);
  });

  it('is ended by progress only where the SDK no longer waits for its answer', () => {
    sent.begin(ping(1), undefined);
    const waiting: unknown = Reflect.get(connection.protocol ?? {}, '_responseHandlers');
    if (!(waiting instanceof Map)) throw new Error('the fixture has a map');
    waiting.set(1, () => undefined);
    const progress = { method: 'notifications/progress', params: { progressToken: 1 } };
    sent.notified(progress);
    expect(test.points).toEqual([]);
    waiting.delete(1);
    sent.notified({ ...progress, params: { progressToken: 'other' } });
    expect(test.points).toEqual([]);
    sent.notified(progress);
    expect(types()).toEqual(['timeout']);
  });

  it('to listen is answered by its acknowledgement', () => {
    sent.begin({ id: 1, method: 'subscriptions/listen' }, undefined);
    const acknowledged = (id: unknown): void => {
      sent.notified({
        method: 'notifications/subscriptions/acknowledged',
        params: { _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
      });
    };
    acknowledged(2);
    acknowledged(undefined);
    expect(test.points).toEqual([]);
    expect(sent.isWaiting).toBe(true);
    acknowledged(1);
    expect(types()).toEqual([undefined]);
    expect(sent.isWaiting).toBe(false);
  });
});

describe('a sent notification', () => {
  it('ends when the transport took it', async () => {
    const departure = sent.begin({ method: 'notifications/initialized' }, undefined);
    await test.clock.advance(100);
    departure?.done();
    expect(test.points).toEqual([{ metric: 'sent', seconds: 0.1, attributes: { 'mcp.method.name': 'notifications/initialized' } }]);
    expect(sent.isWaiting).toBe(false);
  });

  it('is an error when it did not', () => {
    sent.begin({ method: 'notifications/initialized' }, undefined)?.failed(new TypeError('x'));
    expect(types()).toEqual(['TypeError']);
  });
});

describe('modes', () => {
  it('off touches nothing; propagation-only touches the message', () => {
    const off = new TestScope(telemetry, { methods: { ping: 'off' } });
    expect(new Sent(off.connect()).begin(ping(1), undefined)).toBeUndefined();
    const only = new TestScope(telemetry, { mode: 'propagation-only' });
    telemetry.tracer.startActiveSpan('host', (span) => {
      const departure = new Sent(only.connect()).begin(ping(1), undefined);
      expect(JSON.stringify(departure?.message)).toContain(span.spanContext().spanId);
      departure?.done();
      departure?.failed(new Error('x'));
      span.end();
    });
    expect([...off.points, ...only.points]).toEqual([]);
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['host']);
  });
});
