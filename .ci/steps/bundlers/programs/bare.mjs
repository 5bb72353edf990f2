// Has no reference to us: it runs under `--import handoff-otel/register`.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

serveStdio(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { inputSchema: z.object({ sides: z.int() }) }, ({ sides }) => ({
    content: [{ type: 'text', text: `of ${sides}` }],
  }));
  return server;
});
