// The first generation of the SDK, `@modelcontextprotocol/sdk`, with Express.
//   node express-sdk-v1.ts
import type { IncomingMessage, ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { instrument } from 'handoff-otel';
import { z } from 'zod';

const telemetry = instrument({ serviceName: 'dice-express', prometheus: { listen: false } });

function makeServer(): McpServer {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.', inputSchema: { sides: z.number().int().min(2).max(100) } }, ({ sides }) => ({
    content: [{ type: 'text', text: String(1 + Math.floor(Math.random() * sides)) }],
  }));
  return server;
}

const app = createMcpExpressApp();

// Without sessions: each request has a server and a transport of its own.
app.post('/mcp', async (request: IncomingMessage & { readonly body?: unknown }, response: ServerResponse) => {
  const transport = new StreamableHTTPServerTransport();
  response.on('close', () => void transport.close());
  await makeServer().connect(transport);
  await transport.handleRequest(request, response, request.body);
});

// What Prometheus reads, on the program's own server instead of on port 9464.
app.get('/metrics', telemetry.metricsHandler);

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}/mcp\n`);
});
