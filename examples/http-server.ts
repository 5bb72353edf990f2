// An MCP server over Streamable HTTP.
//   node http-server.ts
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { instrument } from 'handoff-otel';
import { z } from 'zod';

const telemetry = instrument({ serviceName: 'dice-http' });

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int().min(2).max(100) }) }, ({ sides }) => ({
    content: [{ type: 'text', text: String(1 + Math.floor(Math.random() * sides)) }],
  }));
  return server;
});

// The handler refuses some requests before there is a server: handed over, it has spans of those too.
const listener = toNodeHandler(telemetry.instrumentHandler(handler));
const server = createServer((request, response) => void listener(request, response));
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}/\n`);
});
