// A client that calls a tool of a server, both in this process. Neither has any telemetry code.
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';

export async function call() {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', {}, () => ({ content: [] }));
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  const client = new Client({ name: 'hosts', version: '1.0.0' });
  await client.connect(clientSide);
  await client.callTool({ name: 'roll' });
  await client.close();
}
