import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { context, propagation } from '@opentelemetry/api';
import { McpServer, InMemoryTransport } from '@modelcontextprotocol/server';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Adoption } from '../../../../src/instrumentation/mcp/discovery/adoption.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

/** Runs the collector, which Node only offers behind a flag. */
function heapMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

describe('what breaking it found', () => {
  it('does not keep the long names of a caller', async () => {
    const server = telemetry.instrumentation().instrumentServer(makeServer());
    const [wire, end] = InMemoryTransport.createLinkedPair();
    await server.connect(end);
    wire.onmessage = () => undefined;
    await wire.start();
    const before = heapMb();
    for (let call = 0; call < 60; call += 1) {
      const text = JSON.stringify({ jsonrpc: '2.0', id: call, method: 'tools/call', params: { name: `${call}${'x'.repeat(1_000_000)}` } });
      await wire.send(JSON.parse(text) as JSONRPCMessage);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(heapMb() - before).toBeLessThan(20);
  });

  it('leaves nothing open when a proxy takes over the callbacks of a connected transport', async () => {
    const instrumentation = telemetry.instrumentation();
    const server = makeServer();
    const [toServer, atServer] = InMemoryTransport.createLinkedPair();
    const [toProxy, atProxy] = InMemoryTransport.createLinkedPair();
    await server.connect(atServer);
    const upstream = instrumentation.instrumentClient(new Client({ name: 'proxy', version: '1' }));
    await upstream.connect(toServer);
    atProxy.onmessage = (message) => void toServer.send(message);
    toServer.onmessage = (message) => void atProxy.send(message);
    await atProxy.start();
    const client = new Client({ name: 'c', version: '1' });
    await client.connect(toProxy);
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(await telemetry.counts('handoff.mcp.client.active_requests')).toMatchObject({ 'tools/call': 0 });
  });

  it('does not give requests up that somebody answers in the place of the SDK', async () => {
    const server = telemetry.instrumentation().instrumentServer(makeServer());
    const [wire, end] = InMemoryTransport.createLinkedPair();
    wire.onmessage = () => undefined;
    await server.connect(end);
    await wire.start();
    end.onmessage = (message) => {
      if ('id' in message) setTimeout(() => void end.send({ jsonrpc: '2.0', id: message.id ?? 0, result: {} }), 5);
    };
    for (let id = 1; id <= 3; id += 1) {
      await wire.send({ jsonrpc: '2.0', id, method: 'ping' });
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    // The first went by before anything was sent that shows who answers.
    await expect
      .poll(() => telemetry.spansNamed('ping').map(({ attributes }) => [attributes['jsonrpc.request.id'], attributes['error.type']]))
      .toEqual([
        ['2', undefined],
        ['3', undefined],
      ]);
  });

  it('takes no baggage from a peer on a transport it cannot tell', async () => {
    const server = telemetry.instrumentation().instrumentServer(new McpServer({ name: 'a', version: '1' }));
    let seen: unknown = 'not called';
    server.registerTool('look', {}, () => {
      seen = propagation.getBaggage(context.active())?.getAllEntries();
      return { content: [] };
    });
    const socket: Transport = { start: () => Promise.resolve(), send: () => Promise.resolve(), close: () => Promise.resolve() };
    await server.connect(socket);
    socket.onmessage?.({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'look', arguments: {}, _meta: { baggage: 'role=admin' } },
    });
    await expect.poll(() => seen).not.toBe('not called');
    expect(seen ?? []).toEqual([]);
  });

  it('counts every session of a transport that is closed and connected again', async () => {
    const server = telemetry.instrumentation().instrumentServer(makeServer());
    const transport: Transport = {
      start: () => Promise.resolve(),
      send: () => Promise.resolve(),
      close: () => {
        transport.onclose?.();
        return Promise.resolve();
      },
    };
    for (let session = 0; session < 2; session += 1) {
      await server.connect(transport);
      transport.onmessage?.({ jsonrpc: '2.0', id: 1, method: 'ping' });
      await server.close();
    }
    expect(await telemetry.histogram('mcp.server.session.duration')).toMatchObject([{ count: 2 }]);
  });

  it('puts a replaced createMcpHandler back when it stops', () => {
    const original = function createMcpHandler(): void {};
    const exports: Record<string, unknown> = { createMcpHandler: original };
    const ignore = (): void => {};
    const adoption = new Adoption(
      {
        protocolClass: ignore,
        clientClass: ignore,
        mcpServerClass: ignore,
        stdioTransportClass: ignore,
        handlerFactory: (factory) => factory,
      },
      ignore,
    );
    adoption.take(
      { url: 'file:///none', format: 'cjs', values: { ...exports }, replace: (name, value) => Reflect.set(exports, name, value) },
      'loaded',
    );
    adoption.stop();
    expect(exports['createMcpHandler']).toBe(original);
  });
});
