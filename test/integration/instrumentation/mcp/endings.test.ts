import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../unit/instrumentation/mcp/garbage.js';
import { connectInMemory, connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe('a request without an answer', () => {
  it('ends at once when the SDK drops it as malformed', async () => {
    const { send } = await connectRaw(telemetry.instrumentation().instrumentServer(makeServer()));
    await send({ id: 1, method: 'ping', params: { _meta: 'no object' } });
    expect(telemetry.span('ping').attributes['error.type']).toBe('_OTHER');
  });

  it('ends as cancelled when the client cancels it', async () => {
    const { client, running } = await connectHanging();
    const abort = new AbortController();
    const call = client.callTool({ name: 'hang' }, { signal: abort.signal });
    const failed = expect(call).rejects.toThrow();
    await running;
    abort.abort('enough');
    await failed;
    await eventually(() => telemetry.spansNamed('tools/call hang').length === 1, 'the span');
    const span = telemetry.span('tools/call hang');
    expect(span.attributes['error.type']).toBe('cancelled');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    await client.close();
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1, attributes: { 'error.type': 'cancelled' } }]);
  });

  it('ends as connection_closed when the connection closes', async () => {
    const { client, running } = await connectHanging();
    const failed = expect(client.callTool({ name: 'hang' })).rejects.toThrow();
    await running;
    await client.close();
    await failed;
    expect(telemetry.span('tools/call hang').attributes['error.type']).toBe('connection_closed');
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1 }]);
  });
});

describe('a peer that vanishes', () => {
  it('leaves nothing open once its server is gone, though nobody closed it', async () => {
    const instrumentation = telemetry.instrumentation();
    await (async () => {
      const server = makeServer();
      server.registerTool('hang', {}, () => new Promise(() => undefined));
      const { send } = await connectRaw(instrumentation.instrumentServer(server));
      await send({ id: 1, method: 'tools/call', params: { name: 'hang' } });
    })();
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).toEqual({ 'tools/call': 1 });
    await eventually(async () => {
      await collectGarbage();
      return (await telemetry.counts('handoff.mcp.server.active_requests'))['tools/call'] === 0;
    }, 'the end of the request, noticed when metrics are collected');
    expect(telemetry.span('tools/call hang').attributes['error.type']).toBe('connection_closed');
  });
});

async function connectHanging(): Promise<{ client: Awaited<ReturnType<typeof connectInMemory>>['client']; running: Promise<void> }> {
  const server = makeServer();
  const running = new Promise<void>((resolve) => {
    server.registerTool('hang', {}, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
  const { client } = await connectInMemory(telemetry.instrumentation().instrumentServer(server));
  return { client, running };
}

describe('duplicate ids', () => {
  it('end each their own operation', async () => {
    const server = makeServer();
    const release: (() => void)[] = [];
    for (const name of ['first', 'second']) {
      server.registerTool(name, {}, async () => {
        await new Promise<void>((resolve) => release.push(resolve));
        return { content: [], isError: name === 'second' };
      });
    }
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(server));
    await send({ id: 5, method: 'tools/call', params: { name: 'first' } });
    await send({ id: 5, method: 'tools/call', params: { name: 'second' } });
    await eventually(() => release.length === 2, 'both handlers run');
    release[1]?.();
    await eventually(() => received.length === 1, 'the second is answered');
    expect(telemetry.spans.map((span) => span.name)).toEqual(['tools/call second']);
    release[0]?.();
    await eventually(() => received.length === 2, 'the first is answered');
    expect(telemetry.span('tools/call second').attributes['error.type']).toBe('tool_error');
    expect(telemetry.span('tools/call first').attributes).not.toHaveProperty('error.type');
  });
});
