// An MCP server at /mcp of a Next application.
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int().min(2).max(100) }) }, ({ sides }) => ({
    content: [{ type: 'text', text: String(1 + Math.floor(Math.random() * sides)) }],
  }));
  return server;
});

export const POST = (request) => handler.fetch(request);
