import { createMcpHandler, McpServer } from 'npm:@modelcontextprotocol/server@2.4.0';
import { McpServer as McpServerV1 } from 'npm:@modelcontextprotocol/sdk@1.32.2/server/mcp.js';
import { instrument } from 'npm:handoff-otel';
import pg from 'npm:pg@8.23.1';
import { z } from 'npm:zod@4.6.7';

// A program without node_modules: Deno keeps the packages in a cache of its own.

const telemetry = instrument();
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'dice', version: '1.0.0' });
  server.registerTool('roll', { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int() }) }, async ({ sides }) => {
    const { rows } = await pool.query('SELECT $1::int AS sides', [sides]);
    return { content: [{ type: 'text', text: String(rows[0].sides) }] };
  });
  return server;
});
new McpServerV1({ name: 'v1', version: '1.0.0' });
const sdks = telemetry.status().mcpSdks.map((sdk) => `${sdk.package} ${sdk.version}`);
process.stderr.write(`SDKS ${sdks.sort().join(', ')}\n`);
Deno.serve({ port: 0, onListen: ({ port }) => process.stderr.write(`PORT ${port}\n`) }, (request) => handler.fetch(request));
