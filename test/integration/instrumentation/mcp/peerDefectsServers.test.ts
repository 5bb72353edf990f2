import { Client as ClientV2, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler, Server as ServerV2 } from '@modelcontextprotocol/server';
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';
import { Ledger } from './faults/ledger.js';
import { RawConnection, rawServers } from './faults/rawConnection.js';
import type { RawServer } from './faults/rawConnection.js';

let ledger: Ledger;
let host: HttpHost;
beforeEach(() => {
  ledger = new Ledger();
  host = new HttpHost();
});
afterEach(async () => {
  await host.close();
  await ledger.dispose();
});

const answer = { content: [{ type: 'text' as const, text: 'fine' }] };

/** A server without a registry, whose handlers the host set itself. */
function lowLevel(generation: number): RawServer['server'] {
  if (generation === 0) {
    const server = new ServerV1({ name: 'low', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(CallToolRequestSchema, () => answer);
    return server;
  }
  const server = new ServerV2({ name: 'low', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/call', () => answer);
  return server;
}

describe('servers of every kind are seen', () => {
  it.each([0, 1])('low-level ones (Shinzo: only .tool(); autotel: only registered handlers), generation %i', async (generation) => {
    const raw = rawServers[generation]?.make();
    if (raw === undefined) throw new Error('no such generation');
    const server = lowLevel(generation);
    ledger.instrumentation().instrumentServer(server);
    const connection = await new RawConnection({ ...raw, server }).open();
    await connection.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } });
    expect(connection.transcript.answers).toHaveLength(1);
    expect(ledger.ended).toMatchObject([{ name: 'tools/call', attributes: { 'gen_ai.tool.name': 'echo' } }]);
  });

  it('stateless ones over HTTP of SDK v1 (Sentry: spans missing)', async () => {
    const { instrumentServer } = ledger.instrumentation();
    const url = await host.listen((request, response) => {
      const server = new McpServerV1({ name: 'stateless', version: '1' });
      server.registerTool('echo', {}, () => answer);
      // SDK v1 means "no sessions" by `undefined`, which exact optional types do not let one write.
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined } as unknown as {
        sessionIdGenerator: () => string;
      });
      response.on('close', () => void transport.close());
      void instrumentServer(server)
        .connect(transport as never)
        .then(() => transport.handleRequest(request, response));
    });
    await callEcho(url);
    expect(ledger.ended.map(({ name }) => name)).toEqual(expect.arrayContaining(['initialize', 'tools/call echo']));
  });

  it('stateless ones over HTTP of SDK v2 (Sentry: spans missing)', async () => {
    const { instrumentServer } = ledger.instrumentation();
    await callEcho(await host.serve(createMcpHandler(() => instrumentServer(makeServer()))));
    expect(ledger.ended.filter(({ name }) => name === 'tools/call echo')).toMatchObject([
      { attributes: { 'network.transport': 'tcp', 'network.protocol.name': 'http' } },
    ]);
  });

  it('and measured in seconds (Shinzo: milliseconds)', async () => {
    const raw = rawServers[0]?.make();
    if (raw === undefined) throw new Error('no such generation');
    ledger.instrumentation().instrumentServer(raw.server);
    const connection = await new RawConnection(raw).open();
    await connection.say({ jsonrpc: '2.0', id: 1, method: 'ping' });
    await connection.close();
    const durations = (await ledger.metrics()).filter(({ descriptor }) => descriptor.name.endsWith('.duration'));
    expect(durations.map(({ descriptor }) => descriptor.unit)).toEqual(['s', 's']);
    for (const { dataPoints } of durations) expect((dataPoints[0]?.value as { readonly sum: number }).sum).toBeLessThan(5);
  });
});

async function callEcho(url: URL): Promise<void> {
  const client = new ClientV2({ name: 'caller', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(new StreamableHTTPClientTransport(url));
  host.closers.push(() => client.close());
  expect(await client.callTool({ name: 'echo', arguments: { text: 'fine' } })).toMatchObject(answer);
  await eventually(() => ledger.open.length === 0 && ledger.ended.some(({ name }) => name.startsWith('tools/call')), 'the span');
}
