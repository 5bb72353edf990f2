import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectInMemory, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

describe('the host', () => {
  it('gets back the same server object, instrumented once however often it is asked', async () => {
    const server = makeServer();
    const instrumentation = telemetry.instrumentation();
    expect(instrumentation.instrumentServer(server)).toBe(server);
    instrumentation.instrumentServer(server);
    instrumentation.instrumentServer(server.server);
    telemetry.instrumentation().instrumentServer(server);
    const { client } = await connectInMemory(server);
    await client.ping();
    expect(telemetry.spansNamed('ping')).toHaveLength(1);
  });

  it('may instrument a server that is connected already', async () => {
    const server = makeServer();
    const { client } = await connectInMemory(server);
    telemetry.instrumentation().instrumentServer(server);
    await client.ping();
    expect(telemetry.spansNamed('ping')).toHaveLength(1);
  });

  it('gets anything else back untouched', () => {
    const { instrumentServer } = telemetry.instrumentation();
    for (const foreign of [undefined, null, 7, 'server', {}, { server: {} }, Object.freeze(makeServer().server)])
      expect(instrumentServer(foreign)).toBe(foreign);
  });

  it('is served as before when the tracer throws, and the metric is still recorded', async () => {
    const tracer = {
      startSpan: () => {
        throw new Error('broken tracer');
      },
      startActiveSpan: telemetry.tracer.startActiveSpan.bind(telemetry.tracer),
    };
    const { client } = await connectInMemory(telemetry.instrumentation({ tracer }).instrumentServer(makeServer()));
    expect(await client.callTool({ name: 'echo', arguments: { text: 'fine' } })).toMatchObject({ content: [{ text: 'fine' }] });
    expect(await telemetry.points('tools/call')).toMatchObject([{ count: 1 }]);
  });

  it('is served as before when clock and propagator throw', async () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    const broken = telemetry.instrumentation({
      clock: { nowMs: fail, monotonicMs: fail, sleep: fail },
      propagation: { extract: fail, inject: fail, fields: fail },
    });
    const { client } = await connectInMemory(broken.instrumentServer(makeServer()));
    expect(await client.callTool({ name: 'echo', arguments: { text: 'fine' } })).toMatchObject({ content: [{ text: 'fine' }] });
    await client.close();
  });

  it('is no longer traced after disable(), and can be instrumented anew', async () => {
    const server = makeServer();
    const instrumentation = telemetry.instrumentation();
    instrumentation.instrumentServer(server);
    const { client } = await connectInMemory(server);
    instrumentation.disable();
    await client.ping();
    expect(telemetry.spansNamed('ping')).toHaveLength(0);
    await client.close();
    telemetry.instrumentation().instrumentServer(server);
    const second = await connectInMemory(server);
    await second.client.ping();
    expect(telemetry.spansNamed('ping')).toHaveLength(1);
  });

  it("sees the transport's own start, and messages that waited in it are traced", async () => {
    const [wire, serverTransport] = InMemoryTransport.createLinkedPair();
    await wire.send({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const received: object[] = [];
    wire.onmessage = (message) => received.push(message);
    await telemetry.instrumentation().instrumentServer(makeServer()).connect(serverTransport);
    await eventually(() => received.length === 1, 'the answer');
    expect(telemetry.spansNamed('ping')).toHaveLength(1);
    expect(Object.hasOwn(serverTransport, 'start')).toBe(false);
  });
});
