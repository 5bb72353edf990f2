import { join } from 'node:path';
import { callTool } from '../support/exchange.js';
import type { Subject } from '../support/subject.js';

const requests: Subject['requests'] = () => [
  callTool('add', { a: 2, b: 3 }),
  callTool('refuse'),
  callTool('no-such-tool'),
  { method: 'prompts/list' },
  { method: 'prompts/get', params: { name: 'greet' } },
];

/** A client and a server of v2 in one process: calls come in over HTTP and go out over pipes. */
export const proxy: Subject = {
  packages: 'fastmcp',
  name: 'mcp-proxy',
  sdk: '@modelcontextprotocol/server',
  generation: 'v2',
  format: 'ESM',
  transport: 'http',
  callsOn: true,
  start: ({ installation, port, behind }) => ({
    args: [
      join(installation.folder, 'node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--server',
      'stream',
      '--',
      ...behind,
    ],
  }),
  requests,
};

/**
 * It takes the transports of its v1 servers over right after `connect`: it sets `onmessage` itself and passes each message on
 * to a child process, so no server of the SDK ever gets one.
 */
export const gateway: Subject = {
  packages: 'supergateway',
  name: 'supergateway',
  sdk: '@modelcontextprotocol/sdk',
  generation: 'v1 and v2',
  format: 'ESM',
  transport: 'http',
  start: ({ installation, port, behind }) => ({
    args: [
      join(installation.folder, 'node_modules/supergateway/dist/index.js'),
      '--stdio',
      behind.join(' '),
      '--outputTransport',
      'streamableHttp',
      '--stateful',
      '--port',
      String(port),
      '--logLevel',
      'none',
    ],
  }),
  requests,
};
