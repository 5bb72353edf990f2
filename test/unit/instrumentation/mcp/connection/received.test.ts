import { ROOT_CONTEXT, SpanKind, context, propagation, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../../src/instrumentation/mcp/connection/connection.js';
import { Received } from '../../../../../src/instrumentation/mcp/connection/received.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
let test: TestScope;
let connection: Connection;
let received: Received;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  test = new TestScope(telemetry);
  connection = test.connect();
  received = new Received(connection);
});
afterEach(() => telemetry.dispose());

const ping = (id: number | string): { id: number | string; method: string } => ({ id, method: 'ping' });
const types = (): unknown[] => test.points.filter(({ metric }) => metric === 'received').map(({ attributes }) => attributes['error.type']);

describe('a received request', () => {
  it('lasts until the transport took its answer', async () => {
    received.begin(ping(1), undefined);
    await test.clock.advance(1000);
    const departure = received.answering({ id: 1, result: {} });
    await test.clock.advance(500);
    expect(test.points).toEqual([]);
    departure?.done();
    expect(test.points).toEqual([{ metric: 'received', seconds: 1.5, attributes: { 'mcp.method.name': 'ping' } }]);
  });

  it('ends once, whatever comes after its answer', () => {
    received.begin(ping(1), undefined);
    const departure = received.answering({ id: 1, result: {} });
    received.cancel({ requestId: 1 });
    connection.close();
    departure?.done();
    departure?.failed(new Error('too late'));
    expect(types()).toEqual([undefined]);
    expect(telemetry.spans).toHaveLength(1);
  });

  it('whose answer the transport did not take was cut off', () => {
    received.begin(ping(1), undefined);
    received.answering({ id: 1, result: {} })?.failed(new Error('EPIPE'));
    expect(types()).toEqual(['connection_closed']);
  });

  it.each([
    [new RangeError('Invalid string length'), 'RangeError'],
    [new TypeError('circular'), 'TypeError'],
  ])('whose answer could not be written has failed by that: %s', (error, type) => {
    received.begin(ping(1), undefined);
    received.answering({ id: 1, result: {} })?.failed(error);
    expect(types()).toEqual([type]);
  });

  it('tells of its result only the types that the protocol has', () => {
    for (const [id, resultType] of ['complete', 'input_required', 'made up'].entries()) {
      received.begin(ping(id), undefined);
      received.answering({ id, result: { resultType } })?.done();
    }
    expect(test.points.map(({ attributes }) => attributes['handoff.mcp.result.type'])).toEqual(['complete', 'input_required', undefined]);
  });

  it.each([
    ['in memory', { _otherTransport: { start: () => undefined, send: () => undefined } }, undefined],
    ['over HTTP', { handleRequest: () => undefined }, '1.2.3.4'],
  ])('is said to come from the caller of an HTTP span only where it came over the network: %s', (_what, transport, address) => {
    const attributes = { 'client.address': '1.2.3.4' };
    const span = telemetry.tracerProvider.getTracer('http').startSpan('POST', { kind: SpanKind.SERVER, attributes });
    const wired = test.connect({ transport });
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => new Received(wired).begin(ping(1), undefined));
    wired.close();
    expect(telemetry.span('ping').attributes['client.address']).toBe(address);
  });

  it('that goes on with a task is linked to it, beside the span of a peer that is not trusted as its parent', () => {
    const wary = new Received(
      new TestScope(telemetry, { remoteParent: 'link' }).connect({ transport: { handleRequest: () => undefined } }),
    );
    wary.begin({ id: 1, method: 'tools/call', params: { name: 'long' } }, undefined);
    wary.answering({ id: 1, result: { task: { taskId: 't' } } })?.done();
    const [task] = telemetry.spans;
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    wary.begin({ id: 2, method: 'tasks/get', params: { taskId: 't', _meta: { traceparent } } }, undefined);
    wary.answering({ id: 2, result: {} })?.done();
    const { links } = telemetry.span('tasks/get');
    expect(links.map(({ context: { spanId } }) => spanId)).toEqual(['b7ad6b7169203331', task?.spanContext().spanId]);
  });

  it('whose HTTP request was aborted is cancelled, not cut off', () => {
    const abort = new AbortController();
    received.begin(ping(1), { request: { signal: abort.signal } });
    received.begin(ping(2), { request: { signal: abort.signal } });
    abort.abort();
    received.answering({ id: 1, result: {} })?.failed(new Error('gone'));
    connection.close();
    expect(types()).toEqual(['cancelled', 'cancelled']);
  });

  it('keeps ids of different types apart', () => {
    received.begin(ping(1), undefined);
    expect(received.answering({ id: '1', result: {} })).toBeUndefined();
    received.answering({ id: 1, result: {} })?.done();
    expect(types()).toEqual([undefined]);
  });

  it.each([undefined, null, 7, {}, { requestId: {} }, { requestId: 2 }, { requestId: '1' }])('is not cancelled by %j', (params) => {
    received.begin(ping(1), undefined);
    received.cancel(params);
    expect(test.points).toEqual([]);
  });

  it('that the SDK did not take is given up at once, and one that it took is not', () => {
    const taken = new Map<unknown, unknown>([[2, {}]]);
    connection = test.connect({ protocol: { _requestHandlerAbortControllers: taken } });
    received = new Received(connection);
    for (const id of [1, 2]) {
      const arrival = received.begin(ping(id), undefined);
      if (arrival !== undefined) received.dispatched(arrival);
    }
    expect(types()).toEqual(['_OTHER']);
    expect(connection.received.get(2)?.ended).toBe(false);
  });
});

describe('ten thousand open requests', () => {
  it('are the most there are: the oldest is given up, so handlers that never answer cannot fill the memory', () => {
    for (let id = 0; id < 10_000; id += 1) received.begin(ping(id), undefined);
    expect(test.points).toEqual([]);
    received.begin(ping(10_000), undefined);
    expect(test.points).toMatchObject([{ attributes: { 'mcp.method.name': 'ping', 'error.type': '_OTHER' } }]);
    expect(connection.received.get(0)).toBeUndefined();
    connection.close();
    expect(types()).toHaveLength(10_001);
  });
});

describe('duplicate ids', () => {
  it('are told apart by the context of their handlers', () => {
    const first = received.begin({ id: 1, method: 'tools/list' }, undefined);
    const second = received.begin(ping(1), undefined);
    if (first === undefined || second === undefined) throw new Error('both are begun');
    context.with(second.context, () => received.answering({ id: 1, result: {} })?.done());
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['ping']);
    context.with(first.context, () => received.answering({ id: 1, result: {} })?.done());
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['ping', 'tools/list']);
  });

  it('do not have the answer to another request taken for theirs', () => {
    const first = received.begin({ id: 1, method: 'tools/list' }, undefined);
    received.begin(ping(1), undefined);
    received.begin({ id: 2, method: 'prompts/list' }, undefined);
    if (first === undefined) throw new Error('it is begun');
    context.with(first.context, () => received.answering({ id: 2, result: {} })?.done());
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['prompts/list']);
  });

  it('that are never answered all end with the connection', () => {
    for (let index = 0; index < 3; index += 1) received.begin(ping(1), undefined);
    connection.close();
    expect(types()).toEqual(['connection_closed', 'connection_closed', 'connection_closed']);
  });
});

describe('baggage of a peer', () => {
  it.each([
    ['in memory', undefined, 'blue'],
    ['with an HTTP request of SDK v1', { requestInfo: { headers: {} } }, undefined],
    ['with an HTTP request of SDK v2', { request: { headers: new Headers() } }, undefined],
  ])('comes from nearby only, whatever the transport looks like: %s', (_what, extra, expected) => {
    const inMemory = { transport: { _otherTransport: { start: () => undefined, send: () => undefined } } };
    const arrival = new Received(test.connect(inMemory)).begin(
      {
        id: 1,
        method: 'ping',
        params: { _meta: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'tenant=blue' } },
      },
      extra,
    );
    expect(propagation.getBaggage(arrival?.context ?? ROOT_CONTEXT)?.getEntry('tenant')?.value).toBe(expected);
  });
});

describe('the conversation of a message', () => {
  it.each([
    ['of its transport', { sessionId: 't' }, 't'],
    ['of its HTTP request, where the transport has none', {}, 'r'],
  ])('is the session %s', (_where, transport, expected) => {
    const wired = new TestScope(telemetry, { conversation: {} }).connect({ transport: { handleRequest: () => undefined, ...transport } });
    new Received(wired).begin(ping(1), { requestInfo: { headers: { 'mcp-session-id': 'r' } } });
    wired.close();
    expect(telemetry.span('ping').attributes['gen_ai.conversation.id']).toBe(expected);
  });
});

describe('a received session id', () => {
  it.each([
    ['2025-11-25', 's'],
    ['2026-07-28', undefined],
  ])('is on spans before 2026-07-28 only: %s', (version, expected) => {
    const wired = test.connect({ transport: { sessionId: 's' } });
    new Received(wired).begin(
      { id: 1, method: 'ping', params: { _meta: { 'io.modelcontextprotocol/protocolVersion': version } } },
      undefined,
    );
    wired.close();
    expect(telemetry.span('ping').attributes['mcp.session.id']).toBe(expected);
  });
});
