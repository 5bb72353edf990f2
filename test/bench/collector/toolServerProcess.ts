import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { instrument } from '../../../src/instrumentation/instrument.js';

// An MCP server with many tools, instrumented by us, whose client calls each of them: `toolServerProcess.ts <tools> <fails>`. It says on
// its channel how many bytes its /metrics has.

const [tools = '1', fails = 'false'] = process.argv.slice(2);
const telemetry = instrument();
const { McpServer, InMemoryTransport } = await import('@modelcontextprotocol/server');
const { Client } = await import('@modelcontextprotocol/client');

const server = new McpServer({ name: 'many', version: '1.0.0' });
let failing = false;
for (let tool = 0; tool < Number(tools); tool += 1) {
  server.registerTool(`tool_${tool}`, { description: 'One of many.' }, () => ({
    content: [{ type: 'text', text: 'done' }],
    isError: failing,
  }));
}
const [serverSide, clientSide] = InMemoryTransport.createLinkedPair();
const client = new Client({ name: 'many', version: '1.0.0' });
await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
for (failing of fails === 'true' ? [false, true] : [false]) {
  for (let tool = 0; tool < Number(tools); tool += 1) await client.callTool({ name: `tool_${tool}`, arguments: {} });
}

const page = createServer((request, response) => telemetry.metricsHandler(request, response)).listen(0, '127.0.0.1');
await once(page, 'listening');
const text = await (await fetch(`http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`)).text();
await telemetry.flush();
process.send?.(Buffer.byteLength(text));
page.close();
page.closeAllConnections();
await client.close();
await server.close();
await telemetry.shutdown();
process.disconnect();
