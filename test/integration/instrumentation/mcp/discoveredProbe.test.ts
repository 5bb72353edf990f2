import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { SpanKind } from '@opentelemetry/api';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness } from '../../../unit/instrumentation/mcp/telemetryHarness.js';
import type { McpHooks } from '../../../../src/instrumentation/mcp/instrumentation.js';

// A client that negotiates asks for the version before it connects, on stdio even through another process.

let telemetry: TelemetryHarness;
let mcp: McpHooks;
const ends: (() => Promise<void>)[] = [];
beforeEach(() => {
  telemetry = new TelemetryHarness();
  mcp = telemetry.instrumentation();
  const protocol: unknown = Object.getPrototypeOf(Client.prototype);
  if (typeof protocol !== 'object' || protocol === null) throw new Error('Client extends nothing');
  mcp.adoptProtocolClass(protocol);
  mcp.adoptClientClass(Client.prototype);
  mcp.adoptStdioTransportClass(StdioClientTransport.prototype);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  mcp.disable();
  await telemetry.dispose();
});

const discover = (): object[] =>
  telemetry.spans.filter(({ name, kind }) => name === 'server/discover' && kind === SpanKind.CLIENT).map(({ attributes }) => attributes);

it('is seen asking over HTTP, though only its class was instrumented', async () => {
  const handler = createMcpHandler(makeServer);
  const handle = toNodeHandler(handler);
  const server = createServer((request, response) => void handle(request as Parameters<typeof handle>[0], response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const client = new Client({ name: 'prober', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`)),
  );
  ends.push(() => client.close());
  await client.listTools();
  expect(discover()).toMatchObject([{ 'network.transport': 'tcp', 'mcp.protocol.version': '2026-07-28' }]);
  expect(telemetry.spans.filter(({ name }) => name === 'tools/list')).toHaveLength(1);
});

it('is seen asking over stdio, through a sibling of its transport', async () => {
  const script = `
    import { McpServer } from '@modelcontextprotocol/server';
    import { serveStdio } from '@modelcontextprotocol/server/stdio';
    serveStdio(() => { const server = new McpServer({ name: 'child', version: '1' }); server.registerTool('t', {}, () => ({ content: [] })); return server; });`;
  const client = new Client({ name: 'prober', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--input-type=module', '-e', script],
      cwd: process.cwd(),
      stderr: 'ignore',
    }),
  );
  ends.push(() => client.close());
  await client.listTools();
  expect(discover()).toMatchObject([{ 'network.transport': 'pipe', 'mcp.protocol.version': '2026-07-28' }]);
  expect(telemetry.spans.filter(({ name }) => name === 'tools/list')).toHaveLength(1);
});
