import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { instrument } from 'handoff-otel';
import { z } from 'zod';

instrument({ stdio: true });
const server = new McpServer({ name: 'dice', version: '1.0.0' });
server.registerTool('roll', { description: 'Rolls a die.', inputSchema: { sides: z.number() } }, ({ sides }) => ({
  content: [{ type: 'text', text: String(sides) }],
}));
await server.connect(new StdioServerTransport());
