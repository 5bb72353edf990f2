// The SDK is in the same bundle, and so was loaded before `instrument()` ran: docs/mcp.md says to hand servers over in that
// case.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { instrument } from 'handoff-otel';
import { z } from 'zod';

const telemetry = instrument({ serviceName: 'bundled', stdio: true });

serveStdio(() => {
  const server = telemetry.instrumentServer(new McpServer({ name: 'dice', version: '1.0.0' }));
  server.registerTool('roll', { inputSchema: z.object({ sides: z.int() }) }, ({ sides }) => ({
    content: [{ type: 'text', text: `of ${sides}` }],
  }));
  return server;
});
