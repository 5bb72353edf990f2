import { join } from 'node:path';
import { callTool } from '../support/exchange.js';
import type { Subject } from '../support/subject.js';

const reference = { packages: 'reference', sdk: '@modelcontextprotocol/sdk', generation: 'v1', format: 'ESM' } as const;
const everythingFile = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js';

const everythingRequests: Subject['requests'] = () => [
  callTool('echo', { message: 'hello' }),
  callTool('get-sum', { a: 2, b: 3 }),
  callTool('get-sum', { a: 'two' }),
  callTool('get-structured-content', { location: 'Chicago' }),
  callTool('trigger-long-running-operation', { duration: 0.2, steps: 2 }),
  callTool('no-such-tool'),
  { method: 'prompts/list' },
  { method: 'prompts/get', params: { name: 'simple-prompt' } },
  { method: 'resources/list' },
  { method: 'resources/read', params: { uri: 'demo://no/such/resource' } },
  { method: 'no/such/method' },
  { method: 'ping' },
];

export const everythingOverStdio: Subject = {
  ...reference,
  name: '@modelcontextprotocol/server-everything',
  transport: 'stdio',
  start: ({ installation }) => ({ args: [join(installation.folder, everythingFile), 'stdio'] }),
  requests: everythingRequests,
};

export const everythingOverHttp: Subject = {
  ...reference,
  name: '@modelcontextprotocol/server-everything',
  transport: 'http',
  start: ({ installation, port }) => ({ args: [join(installation.folder, everythingFile), 'streamableHttp'], env: { PORT: String(port) } }),
  requests: everythingRequests,
};

export const filesystem: Subject = {
  ...reference,
  name: '@modelcontextprotocol/server-filesystem',
  transport: 'stdio',
  start: ({ installation, folder }) => ({
    args: [join(installation.folder, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js'), folder],
  }),
  requests: ({ folder }) => [
    callTool('read_text_file', { path: join(folder, 'a.txt') }),
    callTool('list_directory', { path: folder }),
    callTool('read_text_file', { path: '/etc/passwd' }),
    callTool('read_text_file', {}),
    callTool('no_such_tool'),
  ],
};
