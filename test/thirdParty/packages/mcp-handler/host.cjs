'use strict';
// mcp-handler is a library; this mounts it at a port as its manual says, from CommonJS. Its own spans are off, as beside any
// other instrumentation, or the same call would be two SERVER spans.
const { createServer } = require('node:http');
const { createMcpHandler } = require('mcp-handler');
const { toNodeHandler } = require('@modelcontextprotocol/node');
const { z } = require('zod');

const fetch = createMcpHandler(
  (server) => {
    server.registerTool('add', { inputSchema: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) =>
      Promise.resolve({ content: [{ type: 'text', text: String(a + b) }] }),
    );
    server.registerTool('fail', { inputSchema: z.object({}) }, () => Promise.reject(new RangeError('no more of this')));
  },
  { serverInfo: { name: 'mounted', version: '1.0.0' }, telemetry: false },
);
createServer(toNodeHandler({ fetch })).listen(Number(process.argv[2]), '127.0.0.1');
