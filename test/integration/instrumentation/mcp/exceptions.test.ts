import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRaw } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

type AnyServer = Parameters<typeof connectRaw>[0];

const explode = (): never => {
  throw new EvalError('secret');
};

const info = { name: 'f', version: '1' };

describe.each([
  [
    'SDK v1',
    (): AnyServer => {
      const server = new McpServerV1(info);
      server.registerResource('note', 'note://one', {}, explode);
      server.registerPrompt('greet', {}, explode);
      server.registerTool('nothing', {}, () => Promise.reject(undefined as unknown as Error));
      server.server.fallbackRequestHandler = explode;
      return server;
    },
  ],
  [
    'SDK v2',
    (): AnyServer => {
      const server = new McpServerV2(info);
      server.registerResource('note', 'note://one', {}, explode);
      server.registerPrompt('greet', {}, explode);
      server.registerTool('nothing', {}, () => Promise.reject(undefined as unknown as Error));
      server.server.fallbackRequestHandler = explode;
      return server;
    },
  ],
])('what callbacks throw is told by class, without its message: %s', (_sdk, make) => {
  it.each([
    ['resources/read', { uri: 'note://one' }, 'resources/read'],
    ['prompts/get', { name: 'greet' }, 'prompts/get greet'],
    ['made/up', {}, '_OTHER'],
  ])('%s', async (method, params, name) => {
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(make()));
    await send({ id: 1, method, params });
    await eventually(() => received.length === 1, 'the answer');
    const span = telemetry.span(name);
    expect(span.attributes['error.type']).toBe('-32603');
    expect(span.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'EvalError' } }]);
    expect(JSON.stringify([span.events, span.status, span.attributes])).not.toContain('secret');
  });

  it('even when it is undefined', async () => {
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(make()));
    await send({ id: 1, method: 'tools/call', params: { name: 'nothing' } });
    await eventually(() => received.length === 1, 'the answer');
    expect(telemetry.span('tools/call nothing').events).toMatchObject([{ attributes: { 'exception.type': 'Error' } }]);
  });
});

describe('a result that cannot be written', () => {
  it('is an error of its class, not a lost connection', async () => {
    const server = new McpServerV2(info);
    server.registerTool('count', {}, () => ({ content: [], structuredContent: { n: 1n } }));
    const { send, wire } = await connectRaw(telemetry.instrumentation().instrumentServer(server));
    const connected = server.server.transport;
    if (connected === undefined) throw new Error('not connected');
    wire.onmessage = (message) => void JSON.stringify(message);
    await send({ id: 1, method: 'tools/call', params: { name: 'count' } });
    await eventually(() => telemetry.spans.length === 1, 'the span');
    expect(telemetry.span('tools/call count').attributes['error.type']).toBe('TypeError');
  });
});
