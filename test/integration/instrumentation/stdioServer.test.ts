import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../src/testing/otlpReceiver.js';
import { databaseUrl, redisUrl } from '../../setup/services.js';
import { runProcess } from './instrumentedProcess.js';

/** An MCP server over stdio that uses everything we cover, before and after `instrument()`, and lets everything fail once. */
const SERVER = `
  import pg from 'pg';
  import { Redis } from 'ioredis';
  import { pino } from 'pino';
  import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
  import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
  import { instrument } from './src/instrumentation/instrument.ts';
  const log = pino({ level: 'trace' }, pino.destination(2));
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  const redis = new Redis(process.env.REDIS_URL);
  const h = instrument({ stdio: true });
  instrument({ stdio: false, serviceName: 'second' });
  const server = new McpServer({ name: 's', version: '1' });
  server.registerTool('work', {}, async () => {
    log.info('working');
    if (process.env.HANDOFF_CONSOLE_TO_STDERR === 'true') {
      console.log('stray');
      console.table([{ a: 1 }]);
      console.time('t');
      console.timeEnd('t');
    }
    await pool.query('select 1');
    await pool.query('selec').catch((error) => log.error(error));
    await redis.set('stdio-server-test:k', 'v', 'EX', 60);
    await redis.call('NOSUCH').catch((error) => log.error(error));
    const span = h.tracer.startSpan('ended');
    span.end();
    span.end();
    span.setAttribute('late', 1);
    await h.flush();
    return { content: [{ type: 'text', text: 'done' }] };
  });
  await server.connect(new StdioServerTransport());
  process.stdin.on('end', async () => {
    redis.disconnect();
    await pool.end();
    await h.shutdown();
  });
  process.stderr.write('READY');`;

const REQUESTS = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'work', arguments: {} } },
  { jsonrpc: '2.0', id: 3, method: 'no/such/method' },
];

const EXPORTERS = ['OTEL_TRACES_EXPORTER', 'OTEL_METRICS_EXPORTER', 'OTEL_LOGS_EXPORTER'];
const all = (value: string): Record<string, string> => Object.fromEntries(EXPORTERS.map((name) => [name, value]));
const UNKNOWN = {
  ...all('what'),
  OTEL_LOG_LEVEL: 'what',
  OTEL_TRACES_SAMPLER: 'what',
  OTEL_PROPAGATORS: 'what',
  OTEL_NODE_RESOURCE_DETECTORS: 'what',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'what',
  OTEL_EXPORTER_OTLP_COMPRESSION: 'what',
  OTEL_EXPORTER_OTLP_HEADERS: 'what',
  OTEL_BSP_MAX_QUEUE_SIZE: 'what',
};

it.each<readonly [what: string, env: Record<string, string>]>([
  ...['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'].map(
    (level) => [`OTEL_LOG_LEVEL=${level}`, { OTEL_LOG_LEVEL: level }] as const,
  ),
  ['console exporters at level debug', { ...all('otlp,console'), OTEL_LOG_LEVEL: 'debug' }],
  ['no exporters at level info', { ...all('none'), OTEL_LOG_LEVEL: 'info' }],
  ['values nobody knows', UNKNOWN],
  ['the SDK disabled', { OTEL_SDK_DISABLED: 'true', OTEL_LOG_LEVEL: 'all' }],
  ['metrics of the SDK itself', { OTEL_NODE_EXPERIMENTAL_SDK_METRICS: 'true', OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_LOG_LEVEL: 'all' }],
  ['a configuration file that is not there', { OTEL_CONFIG_FILE: '/nowhere/otel.yaml', OTEL_LOG_LEVEL: 'all' }],
  ['the console guarded', { HANDOFF_CONSOLE_TO_STDERR: 'true', ...all('otlp,console'), OTEL_LOG_LEVEL: 'all' }],
])('every line on stdout is JSON-RPC with %s', async (_what, env) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  await using receiver = await startOtlpReceiver({ respond: { refuseStatus: 400 } });
  const { code, stdout, stderr } = await runProcess({
    code: SERVER,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_PROMETHEUS_PORT: String((taken.address() as AddressInfo).port),
      DATABASE_URL: databaseUrl(),
      REDIS_URL: redisUrl(),
      ...env,
    },
    onReady: (child) => {
      for (const request of REQUESTS) child.stdin.write(`${JSON.stringify(request)}\n`);
      // The client goes once it has the answer to what takes longest.
      let seen = '';
      child.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
        if (seen.includes('"done"')) child.stdin.end();
      });
    },
  });
  taken.close();
  const lines = stdout.split('\n').filter((line) => line !== '');
  const foreign = lines.filter((line) => !isMessage(line));
  expect({ code, foreign }, stderr).toEqual({ code: 0, foreign: [] });
  expect(lines.map((line) => (JSON.parse(line) as { id: number }).id).toSorted()).toEqual([1, 2, 3]);
  expect(stderr).toContain('working');
});

function isMessage(line: string): boolean {
  try {
    return (JSON.parse(line) as { jsonrpc?: unknown }).jsonrpc === '2.0';
  } catch {
    return false;
  }
}

it.each([
  ['a pino logger on stdout is named once, on stderr and in the status', 'pino()', 1],
  ['one on stderr is not', 'pino(pino.destination(2))', 0],
])('%s', async (_what, logger, times) => {
  const code = `
    import { pino } from 'pino';
    import { instrument } from './src/instrumentation/instrument.ts';
    const log = ${logger};
    const h = instrument({ stdio: true });
    log.info('a');
    log.child({}).info('b');
    process.stderr.write('NOTICES ' + h.status().notices.length);`;
  const { stderr } = await runProcess({ code, env: all('none') });
  expect(stderr.match(/handoff-otel: a pino logger writes to stdout/g) ?? []).toHaveLength(times);
  expect(stderr).toContain(`NOTICES ${String(times)}`);
});
