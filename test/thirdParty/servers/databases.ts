import { join } from 'node:path';
import { callTool } from '../support/exchange.js';
import type { Subject } from '../support/subject.js';

export const postgres: Subject = {
  packages: 'postgres',
  name: '@modelcontextprotocol/server-postgres',
  sdk: '@modelcontextprotocol/sdk',
  generation: 'v1',
  format: 'ESM',
  transport: 'stdio',
  start: ({ installation, databaseUrl }) => ({
    args: [join(installation.folder, 'node_modules/@modelcontextprotocol/server-postgres/dist/index.js'), databaseUrl],
  }),
  requests: () => [
    callTool('query', { sql: 'select name, colour from fruit order by name' }, 'postgresql'),
    callTool('query', { sql: 'select * from no_such_table' }, 'postgresql'),
    callTool('no_such_tool'),
    { method: 'resources/list', database: 'postgresql' },
  ],
};

const dbhub = { packages: 'dbhub', name: '@bytebase/dbhub', sdk: '@modelcontextprotocol/server', generation: 'v2', format: 'ESM' } as const;
const dbhubFile = 'node_modules/@bytebase/dbhub/dist/index.js';

const dbhubRequests: Subject['requests'] = () => [
  callTool('execute_sql', { sql: 'select name, colour from fruit order by name' }, 'postgresql'),
  callTool('execute_sql', { sql: 'select * from no_such_table' }, 'postgresql'),
  callTool('search_objects', { object_type: 'table', schema: 'public' }, 'postgresql'),
  callTool('execute_sql', { sql: 7 }),
  callTool('no_such_tool'),
];

export const dbhubOverStdio: Subject = {
  ...dbhub,
  transport: 'stdio',
  start: ({ installation, databaseUrl, folder }) => ({
    args: [join(installation.folder, dbhubFile), '--transport', 'stdio', '--dsn', databaseUrl],
    cwd: folder,
  }),
  requests: dbhubRequests,
};

export const dbhubOverHttp: Subject = {
  ...dbhub,
  transport: 'http',
  start: ({ installation, databaseUrl, folder, port }) => ({
    args: [join(installation.folder, dbhubFile), '--transport', 'http', '--port', String(port), '--dsn', databaseUrl],
    cwd: folder,
  }),
  requests: dbhubRequests,
};

export const bullmq: Subject = {
  packages: 'bullmq',
  name: '@adamhancock/bullmq-mcp',
  sdk: '@modelcontextprotocol/sdk',
  generation: 'v1',
  format: 'ESM',
  transport: 'stdio',
  start: ({ installation, redisUrl }) => ({
    args: [join(installation.folder, 'node_modules/@adamhancock/bullmq-mcp/dist/index.js')],
    env: { REDIS_URL: redisUrl },
  }),
  requests: ({ redisUrl, runName }) => [
    callTool('stats', { queue: runName }),
    callTool('connect', { id: 'ours', url: redisUrl }, 'redis'),
    callTool('add_job', { queue: runName, name: 'peel', data: { fruit: 'apple' } }, 'redis'),
    callTool('stats', { queue: runName }, 'redis'),
    callTool('get_jobs', { queue: runName, status: 'waiting' }, 'redis'),
    callTool('no_such_tool'),
  ],
  steady: (text) =>
    text
      .replaceAll(/third-party-[0-9a-f]+/g, 'QUEUE')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/\b1[789]\d{11}\b/g, 'MS'),
};
