import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withCachedFields } from '../../../../../src/instrumentation/mcp/propagation/cachedFields.js';
import { withTraceContext } from '../../../../../src/instrumentation/mcp/propagation/inject.js';
import { TelemetryHarness } from '../telemetryHarness.js';

const OURS = '00-0af7651916cd43dd8448eb211c80319c-cccccccccccccccc-01';
const THEIRS = '00-0af7651916cd43dd8448eb211c80319c-aaaaaaaaaaaaaaaa-01';
const ACTIVE = propagation.setBaggage(
  trace.setSpanContext(ROOT_CONTEXT, { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'cccccccccccccccc', traceFlags: 1 }),
  propagation.createBaggage({ tenant: { value: 'blue' } }),
);

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

describe('the trace context of a message', () => {
  it('goes into _meta of a copy; what the caller gave stays as it was', () => {
    const params = Object.freeze({ name: 'echo', _meta: Object.freeze({ progressToken: 1 }) });
    const message = Object.freeze({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    expect(withTraceContext(propagation, ACTIVE, message)).toEqual({
      ...message,
      params: { name: 'echo', _meta: { progressToken: 1, traceparent: OURS, baggage: 'tenant=blue' } },
    });
    expect(params).toEqual({ name: 'echo', _meta: { progressToken: 1 } });
  });

  it('makes params where there are none', () => {
    expect(withTraceContext(propagation, ACTIVE, { method: 'ping' })).toEqual({
      method: 'ping',
      params: { _meta: { traceparent: OURS, baggage: 'tenant=blue' } },
    });
  });

  it.each([
    [{ traceparent: THEIRS }, { traceparent: THEIRS, baggage: 'tenant=blue' }],
    [
      { traceparent: THEIRS, tracestate: 'a=1', baggage: 'mine=1' },
      { traceparent: THEIRS, tracestate: 'a=1', baggage: 'mine=1' },
    ],
    [{ baggage: 'mine=1' }, { baggage: 'mine=1', traceparent: OURS }],
  ])('never overwrites what is there: %j', (given, expected) => {
    expect(withTraceContext(propagation, ACTIVE, { method: 'ping', params: { _meta: given } }).params).toEqual({ _meta: expected });
  });

  it.each([
    [
      { traceparent: THEIRS, tracestate: 'a=1', baggage: 'mine=1', progressToken: 1 },
      { traceparent: OURS, baggage: 'mine=1', progressToken: 1 },
    ],
    [{ baggage: 'mine=1' }, { baggage: 'mine=1', traceparent: OURS }],
    [{ traceparent: `${THEIRS} ` }, { traceparent: `${THEIRS} `, baggage: 'tenant=blue' }],
  ])('takes the place of what was received and is only passed on: %j', (given, expected) => {
    const params = Object.freeze({ _meta: Object.freeze(given) });
    expect(withTraceContext(propagation, ACTIVE, { method: 'ping', params }, THEIRS).params).toEqual({ _meta: expected });
  });

  it('leaves what was received where there is none to take its place', () => {
    const message = { method: 'ping', params: { _meta: { traceparent: THEIRS } } };
    const bare = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ tenant: { value: 'blue' } }));
    expect(withTraceContext(propagation, bare, message, THEIRS).params).toEqual({ _meta: { traceparent: THEIRS, baggage: 'tenant=blue' } });
  });

  it.each([
    ['nothing to add', ROOT_CONTEXT, { method: 'ping' }],
    ['params that are an array', ACTIVE, { method: 'ping', params: [1] }],
    ['params that are no object', ACTIVE, { method: 'ping', params: 'x' }],
    ['a _meta that is no object', ACTIVE, { method: 'ping', params: { _meta: 'x' } }],
    ['a _meta of null', ACTIVE, { method: 'ping', params: { _meta: null } }],
  ])('leaves the very message where there is %s', (_what, active, message) => {
    expect(withTraceContext(propagation, active, message)).toBe(message);
  });
});

describe('the field names of a propagator', () => {
  it('are asked for until there are some, and then kept', () => {
    let asked = 0;
    const cached = withCachedFields({
      extract: propagation.extract.bind(propagation),
      inject: propagation.inject.bind(propagation),
      fields: () => {
        asked += 1;
        return asked < 3 ? [] : ['traceparent'];
      },
    });
    expect(Array.from({ length: 5 }, () => cached.fields())).toEqual([[], [], ['traceparent'], ['traceparent'], ['traceparent']]);
    expect(asked).toBe(3);
  });
});
