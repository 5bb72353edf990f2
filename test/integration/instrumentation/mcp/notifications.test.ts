import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpOptions } from '../../../../src/instrumentation/mcp/options.js';
import { generations } from '../../../unit/instrumentation/mcp/generations.js';
import { connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import type { Pair } from '../../../unit/instrumentation/mcp/pair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const CLIENT_METRIC = 'mcp.client.operation.duration';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe.each(generations)('notifications of $name', ({ make }) => {
  let pair: Pair;
  beforeEach(() => {
    pair = make();
  });
  afterEach(() => pair.close());

  async function connect(options?: McpOptions): Promise<void> {
    const { instrumentClient, instrumentServer } = telemetry.instrumentation();
    instrumentServer(pair.server, options);
    instrumentClient(pair.client, options);
    await pair.connect();
  }

  it.each([
    ['notifications/roots/list_changed', () => pair.tellServer()],
    ['notifications/tools/list_changed', () => pair.tellClient()],
  ])('%s is a CLIENT span where it is sent and its child a SERVER span where it arrives', async (method, tell) => {
    await connect();
    await tell();
    await eventually(() => telemetry.spansNamed(method).length === 2, 'both spans');
    const sent = telemetry.span(method, SpanKind.CLIENT);
    const received = telemetry.span(method, SpanKind.SERVER);
    expect(received.parentSpanContext?.spanId).toBe(sent.spanContext().spanId);
    for (const span of [sent, received]) {
      expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
      expect(span.attributes).toMatchObject({ 'mcp.method.name': method });
      expect(span.attributes).not.toHaveProperty('jsonrpc.request.id');
    }
    expect(await telemetry.points(method, CLIENT_METRIC)).toMatchObject([{ count: 1 }]);
    expect(await telemetry.points(method)).toMatchObject([{ count: 1 }]);
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).not.toHaveProperty([method]);
  });

  it('last as long as their handler, which runs inside the span', async () => {
    let inner: string | undefined;
    let finish: () => void = () => undefined;
    pair.onTold(async () => {
      inner = trace.getSpanContext(context.active())?.spanId;
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await connect();
    await pair.tellServer();
    await eventually(() => inner !== undefined, 'the handler');
    expect(telemetry.spansNamed('notifications/roots/list_changed').map(({ kind }) => kind)).toEqual([SpanKind.CLIENT]);
    finish();
    await eventually(() => telemetry.spansNamed('notifications/roots/list_changed').length === 2, 'both spans');
    expect(inner).toBe(telemetry.span('notifications/roots/list_changed', SpanKind.SERVER).spanContext().spanId);
  });

  it.each([
    [
      'the server',
      () => pair.tellServer(),
      (handler: () => unknown) => {
        pair.onTold(handler);
      },
      'notifications/roots/list_changed',
    ],
    [
      'the client',
      () => pair.tellClient(),
      (handler: () => unknown) => {
        pair.onClientTold(handler);
      },
      'notifications/tools/list_changed',
    ],
  ])('are errors of that class when the handler of %s throws', async (_side, tell, on, method) => {
    on(() => {
      throw new URIError('secret');
    });
    await connect();
    await tell();
    await eventually(() => telemetry.spansNamed(method).length === 2, 'both spans');
    const span = telemetry.span(method, SpanKind.SERVER);
    expect(span).toMatchObject({ attributes: { 'error.type': 'URIError' }, status: { code: SpanStatusCode.ERROR } });
    expect(span.events).toMatchObject([{ attributes: { 'exception.type': 'URIError' } }]);
    expect(await telemetry.points(method)).toMatchObject([{ count: 1, attributes: { 'error.type': 'URIError' } }]);
    expect(telemetry.span(method, SpanKind.CLIENT).attributes).not.toHaveProperty('error.type');
  });

  it('progress and messages are metrics only', async () => {
    await connect();
    await pair.call('progress', { onprogress: () => undefined });
    await pair.log();
    for (const method of ['notifications/progress', 'notifications/message']) {
      expect(await telemetry.points(method)).toMatchObject([{ count: 1 }]);
      expect(await telemetry.points(method, CLIENT_METRIC)).toMatchObject([{ count: 1 }]);
      expect(telemetry.spansNamed(method)).toEqual([]);
    }
  });

  it('progress and messages are spans too when asked for', async () => {
    await connect({ spans: { progress: true } });
    await pair.call('progress', { onprogress: () => undefined });
    await pair.log();
    for (const method of ['notifications/progress', 'notifications/message']) {
      await eventually(() => telemetry.spansNamed(method).length === 2, method);
      expect(telemetry.span(method, SpanKind.SERVER).parentSpanContext?.spanId).toBe(
        telemetry.span(method, SpanKind.CLIENT).spanContext().spanId,
      );
    }
  });

  it('still carry the trace context when they have no span', async () => {
    await connect();
    let traceId: string | undefined;
    await pair.call('progress', {
      onprogress: () => {
        traceId = trace.getSpanContext(context.active())?.traceId;
      },
    });
    await eventually(() => telemetry.spans.some((span) => span.kind === SpanKind.SERVER && span.name.startsWith('tools/call')), 'the call');
    const call = telemetry.spans.find((span) => span.kind === SpanKind.SERVER && span.name.startsWith('tools/call'));
    expect(traceId).toBe(call?.spanContext().traceId);
  });
});

describe('a notification', () => {
  it('of an unknown method is _OTHER and no error', async () => {
    const { send } = await connectRaw(telemetry.instrumentation().instrumentServer(makeServer()));
    await send({ method: 'notifications/made_up?secret' });
    await eventually(() => telemetry.spans.length === 1, 'the span');
    expect(telemetry.span('_OTHER')).toMatchObject({
      kind: SpanKind.SERVER,
      attributes: { 'mcp.method.name': '_OTHER' },
      status: { code: SpanStatusCode.UNSET },
    });
    expect(await telemetry.points('_OTHER')).toMatchObject([{ count: 1 }]);
  });

  it('of an unknown method is watched in the fallback handler as well', async () => {
    const server = makeServer();
    server.server.fallbackNotificationHandler = () => Promise.reject(new TypeError('secret'));
    const { send } = await connectRaw(telemetry.instrumentation().instrumentServer(server));
    await send({ method: 'notifications/made_up' });
    await eventually(() => telemetry.spans.length === 1, 'the span');
    expect(telemetry.span('_OTHER').attributes).toMatchObject({ 'error.type': 'TypeError' });
  });

  it('that cancels nothing known is a span of its own and ends nothing', async () => {
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(makeServer()));
    for (const params of [{ requestId: 99 }, { requestId: {} }, {}, undefined])
      await send({ method: 'notifications/cancelled', ...(params === undefined ? {} : { params }) });
    await send({ id: 1, method: 'ping' });
    await eventually(() => received.length === 1 && telemetry.spans.length === 5, 'the answer and all spans');
    expect(telemetry.span('ping').attributes).not.toHaveProperty('error.type');
  });
});
