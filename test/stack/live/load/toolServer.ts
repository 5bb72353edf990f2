import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import pg from 'pg';
import { z } from 'zod';
import { instrument } from '../../../../src/index.js';
import { insideFaults } from './insideFaults.js';

// An MCP server that has nothing to do with handoffs, as a user of the package would write it. `/mcp` has sessions, `/modern` has none.
// What its tools and `/fault/<name>` do wrong is what an alert has to notice.

const telemetry = instrument();
const { TOOL_SERVER_PORT = '0', TOOL_SERVER_DATABASE_URL = '' } = process.env;

const inside = insideFaults(telemetry.meter);
const pool = new pg.Pool({ connectionString: TOOL_SERVER_DATABASE_URL, max: 2, connectionTimeoutMillis: 300 });
pool.on('error', () => undefined); // the database may go away: that is what is tested

const text = (value: string): { content: { type: 'text'; text: string }[] } => ({ content: [{ type: 'text', text: value }] });

function createToolServer(): McpServer {
  const server = new McpServer({ name: 'tools', version: '1.0.0' });
  server.registerTool('work', { description: 'Answers at once.' }, () => {
    telemetry.logger.emit({ body: 'worked' });
    return text('done');
  });
  server.registerTool('query', { description: 'Asks the database.' }, async () => text(String((await pool.query('SELECT 1')).rowCount)));
  server.registerTool('fail', { description: 'Fails.' }, () => ({ ...text('failed'), isError: true }));
  server.registerTool('sleep', { description: 'Takes its time.', inputSchema: z.object({ ms: z.number() }) }, async ({ ms }) => {
    await wait(ms);
    return text('awake');
  });
  server.registerPrompt('greeting', { description: 'A greeting.' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Hello' } }],
  }));
  server.registerResource('readme', 'live://readme', { description: 'A text.' }, () => ({
    contents: [{ uri: 'live://readme', text: 'Read me' }],
  }));
  return server;
}

const sessions = new Map<string, NodeStreamableHTTPServerTransport>();

async function openSession(): Promise<NodeStreamableHTTPServerTransport> {
  let created = '';
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => (created = crypto.randomUUID()),
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: () => void sessions.delete(created),
  });
  await createToolServer().connect(transport);
  return transport;
}

/** Its type asks for requests whose method is known, which Node's type does not promise. */
const modern = toNodeHandler(telemetry.instrumentHandler(createMcpHandler(createToolServer))) as (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '';
  if (url.startsWith('/fault/')) {
    response.end();
    inside[url.slice('/fault/'.length)]?.();
    return;
  }
  if (url === '/modern') return modern(request, response);
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.get(id) : undefined;
  if (typeof id === 'string' && known === undefined) response.writeHead(404).end();
  else await (known ?? (await openSession())).handleRequest(request, response);
}

createServer((request, response) => void answer(request, response).catch(() => response.destroy())).listen(
  Number(TOOL_SERVER_PORT),
  '127.0.0.1',
);
