import { join } from 'node:path';
import { callTool } from '../support/exchange.js';
import type { Subject } from '../support/subject.js';

export const chart: Subject = {
  packages: 'chart',
  name: '@antv/mcp-server-chart',
  sdk: '@modelcontextprotocol/sdk',
  generation: 'v1',
  format: 'CJS',
  transport: 'stdio',
  start: ({ installation, webUrl }) => ({
    args: [join(installation.folder, 'node_modules/@antv/mcp-server-chart/build/index.js')],
    env: { VIS_REQUEST_SERVER: webUrl },
  }),
  requests: () => [
    callTool('generate_pie_chart', { data: [{ category: 'apples', value: 3 }] }),
    callTool('generate_pie_chart', { data: 'apples' }),
    callTool('no_such_tool'),
  ],
};

const context7 = {
  packages: 'context7',
  name: '@upstash/context7-mcp',
  sdk: '@modelcontextprotocol/server',
  generation: 'v2',
  format: 'ESM',
  hasOwnSpans: true,
} as const;
const context7File = 'node_modules/@upstash/context7-mcp/dist/index.js';
/** Their service is on the internet; ours answers with an empty list of results. */
const context7Env = (webUrl: string): Record<string, string> => ({ CONTEXT7_API_URL: webUrl });

const context7Requests: Subject['requests'] = () => [
  callTool('resolve-library-id', { query: 'routing', libraryName: 'react' }),
  callTool('query-docs', { libraryId: 7 }),
  callTool('no-such-tool'),
];

export const context7OverStdio: Subject = {
  ...context7,
  transport: 'stdio',
  start: ({ installation, webUrl }) => ({ args: [join(installation.folder, context7File)], env: context7Env(webUrl) }),
  requests: context7Requests,
};

export const context7OverHttp: Subject = {
  ...context7,
  transport: 'http',
  start: ({ installation, port, webUrl }) => ({
    args: [join(installation.folder, context7File), '--transport', 'http', '--port', String(port)],
    env: context7Env(webUrl),
  }),
  requests: context7Requests,
};

export const fastmcp: Subject = {
  packages: 'fastmcp',
  name: 'fastmcp',
  sdk: '@modelcontextprotocol/sdk',
  generation: 'v1',
  format: 'CJS',
  transport: 'stdio',
  start: ({ installation }) => ({ args: [join(installation.folder, 'host.cjs')] }),
  requests: () => [
    callTool('add', { a: 2, b: 3 }),
    callTool('add', { a: 'two' }),
    callTool('refuse'),
    callTool('no-such-tool'),
    { method: 'prompts/list' },
    { method: 'prompts/get', params: { name: 'greet' } },
  ],
};

export const mcpHandler: Subject = {
  packages: 'mcp-handler',
  name: 'mcp-handler',
  sdk: '@modelcontextprotocol/server',
  generation: 'v2',
  format: 'CJS',
  transport: 'http',
  start: ({ installation, port }) => ({ args: [join(installation.folder, 'host.cjs'), String(port)] }),
  requests: () => [
    callTool('add', { a: 2, b: 3 }),
    callTool('fail'),
    callTool('add', { a: 'two' }),
    callTool('no-such-tool'),
    { method: 'no/such/method' },
  ],
};
