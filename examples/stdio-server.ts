// An MCP server that a client starts and talks to over stdin and stdout.
//   npx handoff-otel watch node stdio-server.ts
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { instrument } from 'handoff-otel';
import { z } from 'zod';

// On stdio, stdout belongs to JSON-RPC: nothing else is written there.
instrument({ serviceName: 'dice', stdio: true });

serveStdio(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int().min(2).max(100) }) }, ({ sides }) => ({
    content: [{ type: 'text', text: String(1 + Math.floor(Math.random() * sides)) }],
  }));
  return server;
});
