'use strict';
// fastmcp is a framework; this is a server as its manual writes one, from its CommonJS build.
const { FastMCP, UserError } = require('fastmcp');
const { z } = require('zod');

const server = new FastMCP({ name: 'framework', version: '1.0.0' });
server.addTool({
  name: 'add',
  description: 'Adds',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: async ({ a, b }) => String(a + b),
});
server.addTool({ name: 'refuse', description: 'Refuses', execute: () => Promise.reject(new UserError('not today')) });
server.addPrompt({ name: 'greet', description: 'Greets', load: async () => 'hello' });
void server.start({ transportType: 'stdio' });
