import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { serverEnv, startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let database: FreshDatabase;
let receiver: OtlpReceiver;

beforeAll(async () => {
  database = await freshDatabase();
  receiver = await startOtlpReceiver();
});

afterAll(async () => {
  await receiver.close();
  await database.drop();
});

/** The test database as the earlier server was told of it. */
function parts(): Record<string, string> {
  const { hostname, port, pathname, username, password } = new URL(database.url);
  return {
    DB_HOST: hostname,
    DB_PORT: port,
    DB_NAME: pathname.slice(1),
    DB_USER: decodeURIComponent(username),
    // The server of the tests asks for none; the earlier one could not do without.
    DB_PASSWORD: decodeURIComponent(password) || 'any p@ss/word',
  };
}

async function initialize(server: ServerProcess): Promise<unknown> {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  server.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const { result } = await server.answer(1);
  return (result as { serverInfo: unknown }).serverInfo;
}

it('the settings of an earlier server start this one, on the same database and under the same name', async () => {
  const server = startServer(['--stdio'], {
    ...parts(),
    MCP_SERVER_NAME: 'handoff-of-ada',
    MCP_SERVER_VERSION: '7.8.9',
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  });
  expect(await initialize(server)).toMatchObject({ name: 'handoff-of-ada', version: '7.8.9' });
  expect((await server.end()).code).toBe(0);
  expect(server.stderr.join('\n')).not.toContain('embedded');
  expect(receiver.spans().length).toBeGreaterThan(0);
  for (const { resource } of receiver.spans())
    expect(resource.attributes).toMatchObject({ 'service.name': 'handoff-of-ada', 'service.version': '7.8.9' });
});

it('OTEL_SERVICE_NAME, DATABASE_URL and HANDOFF_LOG_LEVEL win, and contradictions are logged without values', async () => {
  receiver.reset();
  const server = startServer(['--stdio'], {
    ...parts(),
    DATABASE_URL: database.url,
    DB_HOST: 'nowhere.invalid',
    DB_PASSWORD: 'hunter2',
    MCP_SERVER_NAME: 'handoff-of-ada',
    OTEL_SERVICE_NAME: 'by-operator',
    LOG_LEVEL: 'silent',
    HANDOFF_LOG_LEVEL: 'info',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  });
  expect(await initialize(server)).toMatchObject({ name: 'handoff-of-ada' });
  expect((await server.end()).code).toBe(0);
  const records = server.stderr
    .filter((line) => line.includes('handoff.config.overruled'))
    .map((line) => JSON.parse(line) as { msg: string });
  expect(records.map(({ msg }) => msg)).toEqual([
    'DATABASE_URL is used. DB_HOST, DB_PASSWORD differ from it and have no effect.',
    'HANDOFF_LOG_LEVEL is used. LOG_LEVEL differs from it and has no effect.',
  ]);
  expect(server.stderr.join('\n')).not.toContain('hunter2');
  expect(new Set(receiver.spans().map(({ resource }) => resource.attributes['service.name']))).toEqual(new Set(['by-operator']));
});

it('half of the settings of a database are refused with what is missing, by serve and by migrate', () => {
  const { DB_HOST = '' } = parts();
  for (const args of [['serve', '--stdio'], ['migrate']]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { env: serverEnv({ DB_HOST }), encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('DB_PASSWORD: nothing was given, but it must be the password of the database user, because DB_HOST is set.');
  }
});
