// A server of SDK v2 as anyone writes it, in CommonJS. It knows of no telemetry; the database driver is whatever the process has.
const { Client } = require('@modelcontextprotocol/client');
const { InMemoryTransport, McpServer } = require('@modelcontextprotocol/server');
const { StdioServerTransport } = require('@modelcontextprotocol/server/stdio');

function makeServer(name, run) {
  const server = new McpServer({ name: 'program', version: '1.0.0' });
  server.registerTool(name, {}, run);
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

void makeServer('probe', probe).connect(new StdioServerTransport());
