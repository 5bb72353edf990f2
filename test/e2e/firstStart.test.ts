import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

let dataDir: string;
const running: ServerProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'handoff-first-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.kill('SIGKILL')));
  await rm(dataDir, { recursive: true, force: true });
});

const initialize = {
  jsonrpc: '2.0',
  id: 'init',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};

async function answering(): Promise<ServerProcess> {
  const server = startServer(['--stdio'], { HANDOFF_DATA_DIR: dataDir, OTEL_SDK_DISABLED: 'true' });
  running.push(server);
  server.send(initialize);
  await server.answer('init');
  return server;
}

it('says on stderr that it makes the embedded database, at the first start only, and is usable at once', async () => {
  const first = await answering();
  await first.logged('handoff.embedded.creating');
  first.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  first.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'register_session', arguments: { sessionKey: 's', agentFrom: 'alice' } },
  });
  const { result } = (await first.answer(1)) as { result?: { content: [{ text: string }] } };
  expect(JSON.parse(result?.content[0].text ?? '{}')).toMatchObject({ success: true });
  await first.end();
  const second = await answering();
  expect(second.stderr.filter((line) => line.includes('handoff.embedded.creating'))).toEqual([]);
}, 90_000);
