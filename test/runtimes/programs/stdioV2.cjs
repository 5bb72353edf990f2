const { McpServer } = require('@modelcontextprotocol/server');
const { serveStdio } = require('@modelcontextprotocol/server/stdio');
const { z } = require('zod');

serveStdio(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { inputSchema: z.object({ sides: z.number() }) }, ({ sides }) => ({
    content: [{ type: 'text', text: String(sides) }],
  }));
  return server;
});
