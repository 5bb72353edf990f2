import { propagation } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const REMOTE_TRACE = '0af7651916cd43dd8448eb211c80319c';
const REMOTE_SPAN = 'b7ad6b7169203331';
const TRACEPARENT = `00-${REMOTE_TRACE}-${REMOTE_SPAN}-01`;

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe('parents', () => {
  const call = { method: 'tools/call', params: { name: 'echo', arguments: { text: 'a' } } };

  it('come from _meta, with baggage, and params are not touched', async () => {
    const server = makeServer();
    let tenant: string | undefined;
    server.registerTool('bag', {}, () => {
      tenant = propagation.getActiveBaggage()?.getEntry('tenant')?.value;
      return { content: [] };
    });
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(server));
    const params = Object.freeze({
      name: 'bag',
      _meta: Object.freeze({ traceparent: TRACEPARENT, tracestate: 'a=1', baggage: 'tenant=blue' }),
    });
    await send({ id: 7, method: 'tools/call', params });
    await eventually(() => received.length === 1, 'the answer');
    const span = telemetry.span('tools/call bag');
    expect(span.spanContext().traceId).toBe(REMOTE_TRACE);
    expect(span.parentSpanContext).toMatchObject({ spanId: REMOTE_SPAN, isRemote: true });
    expect(span.spanContext().traceState?.serialize()).toBe('a=1');
    expect(span.links).toEqual([]);
    expect(tenant).toBe('blue');
  });

  it('from _meta displace the ambient span into a link; without _meta the ambient span is the parent', async () => {
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(makeServer()));
    await telemetry.tracer.startActiveSpan('POST /mcp', async (ambient) => {
      await send({ id: 1, ...call, params: { ...call.params, _meta: { traceparent: TRACEPARENT } } });
      await send({ id: 2, ...call });
      ambient.end();
    });
    await eventually(() => received.length === 2, 'two answers');
    const ambient = telemetry.span('POST /mcp').spanContext();
    const [linked, nested] = telemetry.spansNamed('tools/call echo');
    expect(linked?.parentSpanContext?.spanId).toBe(REMOTE_SPAN);
    expect(linked?.links.map((link) => link.context.spanId)).toEqual([ambient.spanId]);
    expect(nested?.parentSpanContext?.spanId).toBe(ambient.spanId);
    expect(nested?.links).toEqual([]);
  });

  it.each([
    ['wrong types', { traceparent: 7, tracestate: [], baggage: {} }],
    ['a huge tracestate', { traceparent: 'x', tracestate: 'k=v,'.repeat(250_000) }],
    ['prototype keys', JSON.parse('{"__proto__":{"traceparent":"' + TRACEPARENT + '"},"constructor":1}') as object],
  ])('in a poisoned _meta (%s) are ignored and the call is served', async (_what, meta) => {
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(makeServer()));
    await send({ id: 1, method: 'ping', params: { _meta: meta } });
    await eventually(() => received.length === 1, 'the answer');
    expect(telemetry.span('ping').parentSpanContext).toBeUndefined();
  });
});
