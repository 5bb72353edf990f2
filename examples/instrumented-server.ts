// An MCP server of your own with traces, metrics and logs.
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node examples/instrumented-server.ts
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { instrument } from 'handoff-otel';
import { z } from 'zod';

// `stdio: true`: stdout belongs to JSON-RPC; the process flushes when the client closes its end.
instrument({ serviceName: 'dice', stdio: true });

serveStdio(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int().min(2).max(100) }) }, ({ sides }) => ({
    content: [{ type: 'text', text: String(1 + Math.floor(Math.random() * sides)) }],
  }));
  return server;
});
