import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';

// A server whose SDK Next has bundled into the chunk of this route, which loads after `instrument()` has run.
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { inputSchema: z.object({ sides: z.int() }) }, ({ sides }) => ({
    content: [{ type: 'text', text: `of ${sides}` }],
  }));
  return server;
});

export const dynamic = 'force-dynamic';

export function POST(request: Request): Promise<Response> {
  return handler.fetch(request);
}
