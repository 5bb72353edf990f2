import { DataPointType } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TelemetryHarness } from '../../../unit/instrumentation/mcp/telemetryHarness.js';
import { Ledger } from './faults/ledger.js';
import { RawConnection, rawServers } from './faults/rawConnection.js';

// What other instrumentations of MCP get wrong, seen on raw connections, each defect a test that would fail on it. Named after where it was
// seen.

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe.each(rawServers)('with a raw $name', ({ make }) => {
  it('the trace context in _meta is the parent and the ambient span a link (Sentry, autotel: no link; mcp-handler: the other way round), on notifications too', async () => {
    const raw = make();
    raw.onTold(() => undefined);
    telemetry.instrumentation().instrumentServer(raw.server);
    const connection = await new RawConnection(raw).open();
    for (const message of [{ id: 1, method: 'ping' }, { method: 'notifications/roots/list_changed' }]) {
      await telemetry.tracer.startActiveSpan('POST', async (span) => {
        await connection.say({ jsonrpc: '2.0', ...message, params: { _meta: { traceparent: TRACEPARENT } } });
        span.end();
      });
      const made = telemetry.span(message.method);
      expect(made.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
      expect(made.links.map(({ context }) => context.spanId)).toEqual([telemetry.spansNamed('POST').at(-1)?.spanContext().spanId]);
    }
  });

  it('handlers run within the span, so that what they call nests in it (mcp-handler: the span is made after the answer)', async () => {
    const raw = make();
    raw.tool('query', () => {
      telemetry.tracer.startSpan('SELECT').end();
      return { content: [] };
    });
    telemetry.instrumentation().instrumentServer(raw.server);
    const connection = await new RawConnection(raw).open();
    await connection.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'query' } });
    expect(telemetry.span('SELECT').parentSpanContext?.spanId).toBe(telemetry.span('tools/call query').spanContext().spanId);
  });

  it('handlers get all their arguments and their `this` (Shinzo: the second is dropped)', async () => {
    const seen: unknown[] = [];
    const look = async (instrument: (raw: object) => void): Promise<void> => {
      const raw = make();
      raw.tool('look', function (this: unknown, ...args: unknown[]) {
        const extra = args[0] as { readonly signal?: unknown; readonly mcpReq?: { readonly signal?: unknown } };
        seen.push([args.length, typeof this, Object.keys(extra).sort(), (extra.signal ?? extra.mcpReq?.signal) instanceof AbortSignal]);
        return { content: [] };
      });
      instrument(raw.server);
      const connection = await new RawConnection(raw).open();
      await connection.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'look' } });
    };
    await look(() => undefined);
    await look((server) => telemetry.instrumentation().instrumentServer(server));
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
  });

  it('made-up names, URIs and session ids are not on metrics (autotel, C#: URIs; C#: tool names; Shinzo: a random session id)', async () => {
    const ledger = new Ledger();
    const raw = make();
    ledger.instrumentation().instrumentServer(raw.server);
    const connection = await new RawConnection(raw).open();
    Object.assign(connection.serverSide, { sessionId: 'made-up-session' });
    for (const [id, [method, params]] of Object.entries({
      1: ['tools/call', { name: 'made-up-tool' }],
      2: ['prompts/get', { name: 'made-up-prompt' }],
      3: ['resources/read', { uri: 'made-up://uri' }],
      4: ['made-up/method', {}],
    })) {
      await connection.say({ jsonrpc: '2.0', id, method, params });
    }
    await connection.close();
    const histograms = (await ledger.metrics()).filter(({ dataPointType }) => dataPointType === DataPointType.HISTOGRAM);
    expect(histograms.map(({ descriptor }) => descriptor.name).sort()).toEqual([
      'mcp.server.operation.duration',
      'mcp.server.session.duration',
    ]);
    const attributes = JSON.stringify((await ledger.metrics()).map(({ dataPoints }) => dataPoints.map((point) => point.attributes)));
    expect(attributes).not.toContain('made-up');
    expect(attributes).toContain('_OTHER');
    await ledger.dispose();
  });
});
