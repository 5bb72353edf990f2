import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchedStream } from '../../../../../src/instrumentation/mcp/entry/listenStream.js';
import { StdioWire } from '../../../../../src/instrumentation/mcp/entry/stdioWire.js';
import { TakenMessages } from '../../../../../src/instrumentation/mcp/scope/taken.js';
import type { TransportLike } from '../../../../../src/instrumentation/mcp/shapes.js';
import { MODERN_META } from '../modern.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

describe('a watched stream', () => {
  const chunks = (...texts: string[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    });

  it('is the same response, and tells when it was read to its end', async () => {
    let over = 0;
    const watched = watchedStream(
      new Response(chunks('a', 'b'), { status: 201, statusText: 'Made', headers: { 'x-one': '1' } }),
      () => (over += 1),
    );
    expect([watched.status, watched.statusText, watched.headers.get('x-one')]).toEqual([201, 'Made', '1']);
    expect(over).toBe(0);
    expect(await watched.text()).toBe('ab');
    expect(over).toBe(1);
  });

  it('passes a cancellation on', async () => {
    let reason: unknown;
    let over = 0;
    const source = new ReadableStream<Uint8Array>({
      cancel(given) {
        reason = given;
      },
    });
    await watchedStream(new Response(source), () => (over += 1)).body?.cancel('enough');
    expect([reason, over]).toEqual(['enough', 1]);
  });

  it('breaks as its source breaks', async () => {
    let over = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('broken source'));
      },
    });
    await expect(watchedStream(new Response(source), () => (over += 1)).text()).rejects.toThrow('broken source');
    expect(over).toBe(1);
  });

  it('without a body is the response itself', () => {
    const answer = new Response(null, { status: 204 });
    expect(watchedStream(answer, () => undefined)).toBe(answer);
  });
});

describe('taken messages', () => {
  it('are known by identity, once somebody watches, and mark the exchange they came in', () => {
    const taken = new TakenMessages();
    const message = { id: 1 };
    const exchange = { taken: false };
    taken.take(message);
    expect(taken.has(message)).toBe(false);
    taken.watchWires();
    taken.watchHandlers();
    context.with(taken.during(ROOT_CONTEXT, exchange), () => {
      taken.take(message);
    });
    expect([taken.has(message), taken.has({ id: 1 }), exchange.taken]).toEqual([true, false, true]);
  });

  it('are handled in a context like one that the API makes of its parent', () => {
    const key = createContextKey('test');
    const during = new TakenMessages().during(ROOT_CONTEXT.setValue(key, 'parent'), { taken: false });
    expect(during.getValue(key)).toBe('parent');
    expect(during.setValue(key, 'own').getValue(key)).toBe('own');
    expect(during.deleteValue(key).getValue(key)).toBeUndefined();
  });

  it('mark the exchange also where the host has set more in its context', () => {
    const taken = new TakenMessages();
    taken.watchHandlers();
    const exchange = { taken: false };
    context.with(taken.during(ROOT_CONTEXT, exchange).setValue(createContextKey('test'), 1), () => {
      taken.take({ id: 1 });
    });
    expect(exchange.taken).toBe(true);
  });
});

describe('a stdio wire', () => {
  function wire(test: TestScope): { wire: TransportLike; written: unknown[]; hook: StdioWire } {
    const written: unknown[] = [];
    const transport: TransportLike = {
      start: () => undefined,
      send: (message: unknown) => written.push(message),
      onmessage: () => undefined,
      onclose: undefined,
    };
    return { wire: transport, written, hook: new StdioWire(transport, test.scope) };
  }
  const request = (id: number): object => ({ id, method: 'tools/list', params: { _meta: MODERN_META } });
  const refusal = (id: number): object => ({ id, error: { code: -32_022, message: 'no' } });

  it('remembers a thousand unanswered requests, and forgets the oldest', async () => {
    const test = new TestScope(telemetry);
    const { wire: line } = wire(test);
    for (let id = 0; id <= 1000; id += 1) line.onmessage?.(request(id));
    await test.clock.advance(100);
    for (const id of [0, 1, 1000]) line.send(refusal(id));
    expect(test.points.map(({ seconds }) => seconds)).toEqual([0.1, 0.1]);
    expect(telemetry.spans.map(({ attributes }) => attributes['jsonrpc.request.id'])).toEqual(['1', '1000']);
  });

  it('leaves to a server what a server took, and forgets what was cancelled', () => {
    const test = new TestScope(telemetry);
    const { wire: line } = wire(test);
    const message = request(1);
    line.onmessage?.(message);
    test.scope.shared.taken.take(message);
    line.onmessage?.(request(2));
    line.onmessage?.({ method: 'notifications/cancelled', params: { requestId: 2 } });
    for (const id of [1, 2]) line.send(refusal(id));
    expect(test.points).toEqual([]);
  });

  it('passes on what telemetry cannot bear, and nothing of ours stays after its release', () => {
    const test = new TestScope(telemetry);
    const { wire: line, written, hook } = wire(test);
    const hostile = {
      get method(): string {
        throw new Error('hostile');
      },
    };
    line.send(hostile);
    line.onmessage?.(hostile);
    expect(written).toHaveLength(1);
    expect(written[0]).toBe(hostile);
    hook.release();
    line.onmessage?.(request(1));
    line.send(refusal(1));
    expect(test.points).toEqual([]);
    expect([Object.hasOwn(line, 'onclose'), line.onclose]).toEqual([true, undefined]);
  });
});
