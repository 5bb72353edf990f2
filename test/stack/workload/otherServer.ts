// An MCP server that has nothing to do with handoffs, with what the handoff server does not have: sessions over HTTP and a prompt at
// `/mcp`, and subscriptions at `/modern`. It tells its parent where it listens: `node --import ./tools/resolveSource.mjs otherServer.ts`.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { instrument } from '../../../src/index.js';

const telemetry = instrument();

function createOtherServer(): McpServer {
  const server = new McpServer({ name: 'other', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.' }, () => ({ content: [{ type: 'text', text: '4' }] }));
  server.registerPrompt('greeting', { description: 'A greeting.' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Hello' } }],
  }));
  return server;
}

const sessions = new Map<string, NodeStreamableHTTPServerTransport>();

async function openSession(): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  await createOtherServer().connect(transport);
  return transport;
}

// Node's type of a request does not promise the method that the handler's type asks for.
const modern = toNodeHandler(telemetry.instrumentHandler(createMcpHandler(createOtherServer))) as (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/modern') return modern(request, response);
  const id = request.headers['mcp-session-id'];
  const transport = typeof id === 'string' ? sessions.get(id) : await openSession();
  if (transport === undefined) response.writeHead(404).end();
  else await transport.handleRequest(request, response);
  return undefined;
}

const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
// Any message means the end; so does the end of the parent.
const end = (): void => void telemetry.shutdown().finally(() => process.exit(0));
process.on('message', end).on('disconnect', end);
