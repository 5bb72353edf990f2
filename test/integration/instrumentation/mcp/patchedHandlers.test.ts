import { createMcpHandler } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../src/instrumentation/mcp/instrumentation.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { modernRequest } from '../../../unit/instrumentation/mcp/modern.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const listen = { id: 'sub-1', method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } };
const echo = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'a' } } };

let telemetry: TelemetryHarness;
let instrumentation: McpHooks;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  instrumentation = telemetry.instrumentation();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe('a handler', () => {
  it('is patched once, answers as before when telemetry is broken, and is itself again after disable()', async () => {
    const plain = createMcpHandler(makeServer);
    const { fetch } = plain;
    expect(instrumentation.instrumentHandler(plain)).toBe(plain);
    const patched = plain.fetch;
    instrumentation.instrumentHandler(plain);
    expect(plain.fetch).toBe(patched);
    instrumentation.disable();
    expect(plain.fetch).toBe(fetch);
  });

  it('answers as before when clock and tracer throw', async () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    const broken = telemetry.instrumentation({ clock: { nowMs: fail, monotonicMs: fail, sleep: fail } });
    const handler = broken.instrumentHandler(createMcpHandler(makeServer));
    expect((await handler.fetch(modernRequest(echo))).status).toBe(200);
    expect((await handler.fetch(modernRequest(echo, { 'mcp-name': 'refuse' }))).status).toBe(400);
    expect((await handler.fetch(modernRequest(listen))).status).toBe(200);
    await handler.close();
  });

  it('made by a wrapped factory is patched, whatever the factory looks like', async () => {
    const factory = instrumentation.wrapHandlerFactory(createMcpHandler);
    expect([factory.name, factory.length]).toEqual([createMcpHandler.name, createMcpHandler.length]);
    await factory(makeServer).fetch(modernRequest(echo, { 'mcp-name': 'refuse' }));
    await eventually(() => telemetry.spans.length === 1, 'the span');
    expect(telemetry.span('tools/call').attributes['error.type']).toBe('-32020');
    expect(instrumentation.wrapHandlerFactory('no factory')).toBe('no factory');
  });

  it('is left alone where its options say so', async () => {
    const handler = instrumentation.instrumentHandler(createMcpHandler(makeServer), { mode: 'off' });
    await handler.fetch(modernRequest(echo, { 'mcp-name': 'refuse' }));
    await handler.fetch(modernRequest(listen));
    expect(await telemetry.histogram('mcp.server.operation.duration')).toEqual([]);
    expect(telemetry.spans).toEqual([]);
  });

  it('whose factory was wrapped takes options that are given for it', async () => {
    const handler = instrumentation.wrapHandlerFactory(createMcpHandler)(makeServer);
    instrumentation.instrumentHandler(handler, { mode: 'off' });
    await handler.fetch(modernRequest(echo, { 'mcp-name': 'refuse' }));
    expect(await telemetry.histogram('mcp.server.operation.duration')).toEqual([]);
    const loud = instrumentation.wrapHandlerFactory(createMcpHandler)(makeServer);
    instrumentation.instrumentHandler(loud, { capture: { errorMessages: true } });
    instrumentation.instrumentHandler(loud, { mode: 'off' });
    await loud.fetch(modernRequest(echo, { 'mcp-name': 'refuse' }));
    await eventually(() => telemetry.spans.length === 1, 'one span');
    expect(telemetry.span('tools/call').status.message).toContain('Mcp-Name');
  });
});
