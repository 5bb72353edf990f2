import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PassThrough } from 'node:stream';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { generations } from '../../../unit/instrumentation/mcp/generations.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

const SERVER = 'mcp.server.session.duration';
const CLIENT = 'mcp.client.session.duration';
const BOUNDARIES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

let telemetry: TelemetryHarness;
let host: HttpHost;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  host = new HttpHost();
});
afterEach(async () => {
  await host.close();
  await telemetry.dispose();
});

async function connect(
  url: URL,
  mode: 'legacy' | 'auto' = 'legacy',
): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const client = new Client({ name: 'http-client', version: '1.0.0' }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(url);
  await telemetry.instrumentation().instrumentClient(client).connect(transport);
  host.closers.push(() => client.close());
  return { client, transport };
}

describe.each(generations)('a session in memory of $name', ({ make }) => {
  it('is one point on either side when it ends', async () => {
    const pair = make();
    const { instrumentClient, instrumentServer } = telemetry.instrumentation();
    instrumentServer(pair.server);
    instrumentClient(pair.client);
    await pair.connect();
    await pair.ping();
    expect(await telemetry.histogram(SERVER)).toEqual([]);
    await pair.close();
    const expected = [{ attributes: { 'mcp.protocol.version': '2025-11-25' }, count: 1, boundaries: BOUNDARIES }];
    expect(await telemetry.histogram(SERVER)).toEqual(expected);
    expect(await telemetry.histogram(CLIENT)).toEqual(expected);
  });

  it('has longer buckets when asked for', async () => {
    const pair = make();
    telemetry.instrumentation({ options: { longSessions: true } }).instrumentServer(pair.server);
    await pair.connect();
    await pair.close();
    expect(await telemetry.histogram(SERVER)).toMatchObject([{ boundaries: [...BOUNDARIES, 900, 3600, 14_400, 86_400] }]);
  });
});

describe('a session over stdio', () => {
  it('is a pipe; one whose transport failed last ended in error', async () => {
    const transport = new StdioServerTransport(new PassThrough(), new PassThrough());
    await telemetry.instrumentation().instrumentServer(makeServer()).connect(transport);
    transport.onmessage?.({ jsonrpc: '2.0', id: 1, method: 'ping' });
    class PipeBroken extends Error {}
    transport.onerror?.(new PipeBroken('secret'));
    await transport.close();
    expect(await telemetry.histogram(SERVER)).toMatchObject([
      { count: 1, attributes: { 'network.transport': 'pipe', 'error.type': 'PipeBroken' } },
    ]);
  });

  it('that recovered from an error ended well', async () => {
    const transport = new StdioServerTransport(new PassThrough(), new PassThrough());
    await telemetry.instrumentation().instrumentServer(makeServer()).connect(transport);
    transport.onmessage?.({ jsonrpc: '2.0', id: 1, method: 'ping' });
    transport.onerror?.(new Error('one bad line'));
    transport.onmessage?.({ jsonrpc: '2.0', id: 2, method: 'ping' });
    await transport.close();
    const [point] = await telemetry.histogram(SERVER);
    expect(point?.attributes).toEqual({ 'network.transport': 'pipe' });
  });

  it('in which nothing was ever said is none', async () => {
    const transport = new StdioServerTransport(new PassThrough(), new PassThrough());
    await telemetry.instrumentation().instrumentServer(makeServer()).connect(transport);
    await transport.close();
    expect(await telemetry.histogram(SERVER)).toEqual([]);
  });
});

describe('a session over HTTP', () => {
  it("with an id is a point on either side, with the server's address at the client only", async () => {
    const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: () => 'session-1' });
    await telemetry.instrumentation().instrumentServer(makeServer()).connect(transport);
    const url = await host.listen((request, response) => void transport.handleRequest(request, response));
    const { client, transport: wire } = await connect(url);
    await client.ping();
    await wire.terminateSession();
    await client.close();
    const shared = { 'mcp.protocol.version': '2025-11-25', 'network.transport': 'tcp', 'network.protocol.name': 'http' };
    expect((await telemetry.histogram(SERVER)).map(({ attributes, count }) => ({ attributes, count }))).toEqual([
      { attributes: shared, count: 1 },
    ]);
    expect((await telemetry.histogram(CLIENT)).map(({ attributes, count }) => ({ attributes, count }))).toEqual([
      { attributes: { ...shared, 'server.address': '127.0.0.1', 'server.port': Number(url.port) }, count: 1 },
    ]);
  });

  it.each(['legacy', 'auto'] as const)('of one server per request is none at the server, %s era', async (mode) => {
    const { instrumentServer } = telemetry.instrumentation();
    const { client } = await connect(await host.serve(createMcpHandler(() => instrumentServer(makeServer()))), mode);
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    await eventually(() => telemetry.spansNamed('tools/call echo').length > 0, 'the span');
    await client.close();
    expect(await telemetry.histogram(SERVER)).toEqual([]);
    expect(await telemetry.histogram(CLIENT)).toHaveLength(mode === 'legacy' ? 1 : 0);
    const counts = await telemetry.counts('handoff.mcp.server.active_requests');
    expect(new Set(Object.values(counts))).toEqual(new Set([0]));
  });
});
