import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer, fromJsonSchema } from '@modelcontextprotocol/server';

export function makeServer(): McpServer {
  const server = new McpServer({ name: 'fixture', version: '1.0.0' }, { capabilities: { logging: {} } });
  const text = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const;
  server.registerTool('echo', { inputSchema: fromJsonSchema<{ text: string }>(text) }, ({ text: given }) => ({
    content: [{ type: 'text', text: given }],
  }));
  server.registerTool('refuse', {}, () => ({ content: [{ type: 'text', text: 'secret refusal' }], isError: true }));
  server.registerTool('explode', {}, () => {
    throw new RangeError('secret explosion');
  });
  server.registerPrompt('greet', {}, () => ({ messages: [] }));
  server.registerResource('note', 'note://one', {}, (uri) => ({ contents: [{ uri: uri.href, text: 'secret note' }] }));
  return server;
}

/** Connects a client to a server in memory. */
export async function connectInMemory(server: {
  connect(transport: InMemoryTransport): Promise<void>;
}): Promise<{ client: Client; serverTransport: InMemoryTransport }> {
  const [clientTransport, serverTransport] = InMemoryTransport.createLinkedPair();
  await server.connect(serverTransport);
  const client = new Client({ name: 'test-client', version: '1.0.0' });
  await client.connect(clientTransport);
  return { client, serverTransport };
}

/** Sends JSON-RPC by hand, for what a well-behaved client would not send. */
export async function connectRaw(server: {
  connect(transport: InMemoryTransport): Promise<void>;
}): Promise<{ send: (message: object) => Promise<void>; received: object[]; wire: InMemoryTransport }> {
  const [wire, serverTransport] = InMemoryTransport.createLinkedPair();
  const received: object[] = [];
  wire.onmessage = (message) => received.push(message);
  await server.connect(serverTransport);
  await wire.start();
  const send = async (message: object): Promise<void> => {
    await wire.send({ jsonrpc: '2.0', ...message } as Parameters<InMemoryTransport['send']>[0]);
  };
  return { send, received, wire };
}
