import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generations } from '../../../unit/instrumentation/mcp/generations.js';
import type { Pair } from '../../../unit/instrumentation/mcp/pair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const CLIENT_METRIC = 'mcp.client.operation.duration';

describe.each(generations)('what a server of $name asks of its client', ({ make }) => {
  let telemetry: TelemetryHarness;
  let pair: Pair;
  beforeEach(async () => {
    telemetry = new TelemetryHarness();
    pair = make();
    const { instrumentClient, instrumentServer } = telemetry.instrumentation();
    instrumentServer(pair.server);
    instrumentClient(pair.client);
    await pair.connect();
  });
  afterEach(async () => {
    await pair.close();
    await telemetry.dispose();
  });

  it.each([
    ['sampling/createMessage', () => pair.sample()],
    ['elicitation/create', () => pair.elicit()],
    ['roots/list', () => pair.roots()],
    ['ping', () => pair.pingClient()],
  ])('%s is a CLIENT span on the server and its child a SERVER span on the client', async (method, ask) => {
    await ask();
    await eventually(() => telemetry.spansNamed(method).length === 2, 'both spans');
    const asking = telemetry.span(method, SpanKind.CLIENT);
    const asked = telemetry.span(method, SpanKind.SERVER);
    expect(asked.parentSpanContext?.spanId).toBe(asking.spanContext().spanId);
    for (const span of [asking, asked]) {
      expect(span.attributes).toMatchObject({ 'mcp.method.name': method, 'jsonrpc.request.id': '0', 'mcp.protocol.version': '2025-11-25' });
      expect(span.attributes).not.toHaveProperty('gen_ai.operation.name');
    }
    expect(await telemetry.points(method, CLIENT_METRIC)).toMatchObject([{ count: 1 }]);
    expect(await telemetry.points(method)).toMatchObject([{ count: 1 }]);
    expect(JSON.stringify(telemetry.spans.map(({ attributes }) => attributes))).not.toContain('secret');
  });

  it("runs the client's handler inside its span", async () => {
    let inner: string | undefined;
    pair.onSample = () => {
      inner = trace.getSpanContext(context.active())?.spanId;
    };
    await pair.sample();
    await eventually(() => telemetry.spansNamed('sampling/createMessage').length === 2, 'both spans');
    expect(inner).toBe(telemetry.span('sampling/createMessage', SpanKind.SERVER).spanContext().spanId);
  });

  it('and refuses by throwing is an error of both, with the exception where it was thrown', async () => {
    pair.onSample = () => {
      throw new EvalError('secret');
    };
    await expect(pair.sample()).rejects.toThrow();
    await eventually(() => telemetry.spansNamed('sampling/createMessage').length === 2, 'both spans');
    const asked = telemetry.span('sampling/createMessage', SpanKind.SERVER);
    const asking = telemetry.span('sampling/createMessage', SpanKind.CLIENT);
    for (const span of [asking, asked])
      expect(span).toMatchObject({
        attributes: { 'error.type': '-32603' },
        status: { code: SpanStatusCode.ERROR, message: 'Internal error' },
      });
    expect(asked.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'EvalError' } }]);
    expect(asking.events).toEqual([]);
  });

  it('and gives up is a timeout there and cancelled at the client', async () => {
    pair.onSample = () => new Promise(() => undefined);
    // Its id is 1: cancellations of id 0 are not heard by SDK v1.
    await pair.pingClient();
    await expect(pair.sample({ timeout: 20 })).rejects.toThrow(/timed out/u);
    await eventually(() => telemetry.spansNamed('sampling/createMessage').length === 2, 'both spans');
    expect(telemetry.span('sampling/createMessage', SpanKind.CLIENT).attributes['error.type']).toBe('timeout');
    expect(telemetry.span('sampling/createMessage', SpanKind.SERVER).attributes['error.type']).toBe('cancelled');
    expect(await telemetry.counts('handoff.mcp.client.active_requests')).toMatchObject({ 'sampling/createMessage': 0 });
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).toMatchObject({ 'sampling/createMessage': 0 });
  });
});
