// A server that knows nothing of telemetry.
//   node --import ./existing-sdk/telemetry.mjs existing-sdk/server.mjs
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int().min(2).max(100) }) }, ({ sides }) => ({
    content: [{ type: 'text', text: String(1 + Math.floor(Math.random() * sides)) }],
  }));
  return server;
});

const server = createServer(toNodeHandler(handler));
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`);
});
