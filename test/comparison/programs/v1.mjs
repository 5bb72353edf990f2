// A server of SDK v1 as anyone writes it, as an ES module. It knows of no telemetry; the database driver is whatever the process has.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

function makeServer(name, run) {
  const server = new McpServer({ name: 'program', version: '1.0.0' });
  server.tool(name, run);
  return server;
}

const done = { content: [{ type: 'text', text: 'done' }] };

/** It asks another server, as a client. */
async function probe() {
  globalThis.databaseDriver?.query();
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'program', version: '1.0.0' });
  await makeServer('inner', () => done).connect(serverEnd);
  await client.connect(clientEnd);
  const answer = await client.callTool({ name: 'inner' });
  await client.close();
  return answer;
}

await makeServer('probe', probe).connect(new StdioServerTransport());
