import { context } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../../src/instrumentation/mcp/connection/connection.js';
import { Received } from '../../../../../src/instrumentation/mcp/connection/received.js';
import type { Operation } from '../../../../../src/instrumentation/mcp/emission/operation.js';
import { unwatch, watchNotification, watchRequest } from '../../../../../src/instrumentation/mcp/patching/handlerHook.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

type Handler = (...args: unknown[]) => unknown;

let telemetry: TelemetryHarness;
let test: TestScope;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  test = new TestScope(telemetry);
});
afterEach(() => telemetry.dispose());

/** Calls a handler the way an SDK does, as part of a message that has arrived. */
function within(
  connection: Connection,
  method: string,
  work: () => unknown,
  ids: { readonly id?: number } = { id: 1 },
): { operation: Operation; result: unknown } {
  const arrival = new Received(connection).begin({ ...ids, method }, undefined);
  if (arrival?.operation === undefined) throw new Error('nothing begun');
  return { operation: arrival.operation, result: context.with(arrival.context, work) };
}

function withHandler(handler: Handler): { connection: Connection; handlers: Map<string, Handler>; call: Handler } {
  const handlers = new Map([['ping', handler]]);
  const connection = test.connect({ protocol: { _requestHandlers: handlers } });
  watchRequest(connection, { id: 1, method: 'ping' });
  return { connection, handlers, call: (...args) => handlers.get('ping')?.(...args) };
}

describe('a watched request handler', () => {
  it('is the same to its caller: arguments, this, result, promise', () => {
    const promise = Promise.resolve(1);
    function mine(this: unknown, one: unknown, two: unknown): unknown {
      return [this, one, two, promise];
    }
    const { handlers } = withHandler(mine);
    const watched = handlers.get('ping');
    expect(watched).not.toBe(mine);
    const result: unknown = Reflect.apply(watched ?? mine, test, ['a', 'b']);
    expect(result).toEqual([test, 'a', 'b', promise]);
    expect(Reflect.get(Object(result) as object, 3)).toBe(promise);
  });

  it.each(['sync', 'async'])('reports what it throws, and throws that very thing: %s', async (way) => {
    const thrown = new EvalError('mine');
    const rejection: unknown = way === 'async' ? Promise.reject(thrown) : undefined;
    const { connection, call } = withHandler(() => {
      if (rejection !== undefined) return rejection;
      throw thrown;
    });
    let caught: unknown;
    const { operation } = within(connection, 'ping', () => {
      try {
        const result = call();
        expect(result).toBe(rejection);
        return result;
      } catch (error) {
        caught = error;
        return undefined;
      }
    });
    if (rejection === undefined) expect(caught).toBe(thrown);
    else await expect(rejection).rejects.toBe(thrown);
    operation.end({ errorType: 'tool_error' });
    expect(telemetry.span('ping').events).toMatchObject([{ attributes: { 'exception.type': 'EvalError' } }]);
  });

  it('outside any message throws as before', () => {
    const { call } = withHandler(() => {
      throw new RangeError('mine');
    });
    expect(call).toThrow(RangeError);
  });

  it('is wrapped once, and is itself again afterwards', () => {
    const mine = (): undefined => undefined;
    const { connection, handlers } = withHandler(mine);
    const watched = handlers.get('ping');
    watchRequest(connection, { id: 2, method: 'ping' });
    expect(handlers.get('ping')).toBe(watched);
    if (connection.protocol !== undefined) unwatch(connection.protocol, connection.names);
    expect(handlers.get('ping')).toBe(mine);
  });
});

describe('a watched tool', () => {
  const call = { id: 1, method: 'tools/call', params: { name: 'echo' } };

  it.each(['executor', 'handler', 'callback'])('is wrapped where this SDK keeps its callback: %s', (key) => {
    const mine = (): undefined => undefined;
    const tool: Record<string, unknown> = { [key]: mine, title: 'Echo' };
    const connection = test.connect({ server: { _registeredTools: { echo: tool } } });
    watchRequest(connection, call);
    expect(tool[key]).not.toBe(mine);
    expect(tool['title']).toBe('Echo');
    if (connection.protocol !== undefined) unwatch(connection.protocol, connection.names);
    expect(tool[key]).toBe(mine);
  });

  it('that is frozen, or no function, is left as it is', () => {
    const frozen = Object.freeze({ handler: () => undefined });
    const task = { handler: Object.freeze({ createTask: () => undefined }) };
    const connection = test.connect({ server: { _registeredTools: { echo: frozen, task } } });
    const before = [frozen.handler, task.handler];
    watchRequest(connection, call);
    watchRequest(connection, { ...call, params: { name: 'task' } });
    expect([frozen.handler, task.handler]).toEqual(before);
  });

  it("that is unknown leaves the SDK's own handler watched", () => {
    const handlers = new Map<string, Handler>([['tools/call', () => undefined]]);
    const before = handlers.get('tools/call');
    watchRequest(test.connect({ protocol: { _requestHandlers: handlers } }), call);
    expect(handlers.get('tools/call')).not.toBe(before);
  });
});

describe('a watched fallback handler', () => {
  it('is used for what has no handler, and put back', () => {
    const mine = (): undefined => undefined;
    const connection = test.connect({ protocol: { fallbackRequestHandler: mine, fallbackNotificationHandler: mine } });
    const now = (key: string): unknown => Reflect.get(connection.protocol ?? {}, key);
    watchRequest(connection, { id: 1, method: 'made/up' });
    watchNotification(connection, { method: 'notifications/made_up' });
    expect([now('fallbackRequestHandler') === mine, now('fallbackNotificationHandler') === mine]).toEqual([false, false]);
    if (connection.protocol !== undefined) unwatch(connection.protocol, connection.names);
    expect([now('fallbackRequestHandler'), now('fallbackNotificationHandler')]).toEqual([mine, mine]);
  });
});

describe('a watched notification handler', () => {
  function watched(handler: Handler): { connection: Connection; call: Handler } {
    const handlers = new Map([['notifications/initialized', handler]]);
    const connection = test.connect({ protocol: { _notificationHandlers: handlers } });
    watchNotification(connection, { method: 'notifications/initialized' });
    return { connection, call: () => handlers.get('notifications/initialized')?.() };
  }

  it('ends its operation when it is done, however it ends', async () => {
    const sync = watched(() => 'done');
    expect(within(sync.connection, 'notifications/initialized', sync.call, {}).operation.ended).toBe(true);
    const rejecting = watched(() => Promise.reject(new TypeError('x')));
    const { operation, result } = within(rejecting.connection, 'notifications/initialized', rejecting.call, {});
    expect(operation.ended).toBe(false);
    await expect(result).rejects.toThrow(TypeError);
    expect(operation.ended).toBe(true);
    expect(test.points.map(({ attributes }) => attributes['error.type'])).toEqual([undefined, 'TypeError']);
  });

  it('called in the middle of a request ends nothing of it', () => {
    const { connection, call } = watched(() => undefined);
    expect(within(connection, 'ping', call).operation.ended).toBe(false);
  });
});
