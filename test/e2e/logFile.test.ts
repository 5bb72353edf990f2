import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { startServer } from '../setup/serverProcess.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';

const KEEP = 2;
const MAX_BYTES = 4096;
let database: FreshDatabase;
let folder: string;
let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'handoff-log-file-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await receiver.close();
  await database.drop();
});

interface LogRecord {
  readonly 'event.name'?: string;
  readonly 'handoff.session.key'?: string;
  readonly trace_id?: string;
}
const recordsOf = (name: string): LogRecord[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogRecord);

it('a server writes its log into a file of its own, rotates it, keeps so many, and leaves the streams to MCP', async () => {
  const server = startServer(['--stdio'], {
    DATABASE_URL: database.url,
    HANDOFF_DATA_DIR: folder,
    HANDOFF_LOG_FILE: join(folder, 'server-%p.log'),
    HANDOFF_LOG_FILE_MAX_BYTES: String(MAX_BYTES),
    HANDOFF_LOG_FILE_INTERVAL: 'none',
    HANDOFF_LOG_FILE_KEEP: String(KEEP),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  });
  const info = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  server.send({ jsonrpc: '2.0', id: 0, method: 'initialize', params: info });
  await server.answer(0);
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const calls = 60;
  for (let id = 1; id <= calls; id += 1) {
    const params = { name: 'register_session', arguments: { sessionKey: `log-${String(id)}`, agentFrom: 'a' } };
    server.send({ jsonrpc: '2.0', id, method: 'tools/call', params });
    await server.answer(id);
  }
  const { pid } = server.child;
  expect(await server.end()).toEqual({ code: 0, signal: null });

  const name = `server-${String(pid)}.log`;
  const files = readdirSync(folder).filter((file) => file.startsWith('server-'));
  expect(files.toSorted()).toEqual([name, `${name}.1`, `${name}.2`]);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  // The newest are in the file itself, those before in `.1`: what is kept ends with the last call, and has none twice and none left out.
  const kept = [`${name}.2`, `${name}.1`, name].flatMap(recordsOf);
  const keys = kept.flatMap((record) => (record['event.name'] === 'handoff.session.register' ? [record['handoff.session.key']] : []));
  expect(keys.length).toBeGreaterThan(5);
  expect(keys).toEqual(Array.from({ length: keys.length }, (_, index) => `log-${String(calls - keys.length + 1 + index)}`));
  const traces = new Set(receiver.spans().map(({ traceId }) => traceId));
  const strangers = kept.filter((record) => record['event.name'] === 'handoff.session.register' && !traces.has(record.trace_id ?? ''));
  expect(strangers).toEqual([]);
  expect(server.stdout.every((line) => line.startsWith('{"'))).toBe(true);
  expect(server.stderr.join('\n')).not.toContain('handoff.session.register');
});
