import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

let dataDir: string;
const running: ServerProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'handoff-e2e-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.kill('SIGKILL')));
  await rm(dataDir, { recursive: true, force: true });
});

async function connected(): Promise<ServerProcess> {
  const server = startServer(['--stdio'], { HANDOFF_DATA_DIR: dataDir, OTEL_SDK_DISABLED: 'true' });
  running.push(server);
  server.send({
    jsonrpc: '2.0',
    id: 'init',
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  });
  await server.answer('init');
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return server;
}

let nextId = 0;

/** Calls a tool and resolves with the JSON it answered. */
async function call(server: ServerProcess, name: string, args: object): Promise<Record<string, unknown>> {
  const id = (nextId += 1);
  server.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
  const { result } = (await server.answer(id)) as { result?: { content: [{ text: string }] } };
  return JSON.parse(result?.content[0].text ?? '{}') as Record<string, unknown>;
}

async function history(server: ServerProcess, sessionKey: string): Promise<{ sequenceNumber: number; content: string }[]> {
  const id = (nextId += 1);
  server.send({ jsonrpc: '2.0', id, method: 'resources/read', params: { uri: `handoff://context/${sessionKey}` } });
  const { result } = (await server.answer(id)) as { result?: { contents: [{ text: string }] } };
  return (JSON.parse(result?.contents[0].text ?? '{}') as { contextHistory: { sequenceNumber: number; content: string }[] }).contextHistory;
}

it('A registers in one server, B reads the handoff in another, the owner dies and nothing acknowledged is lost', async () => {
  const a = await connected();
  const b = await connected();
  expect(await call(a, 'register_session', { sessionKey: 's', agentFrom: 'alice' })).toMatchObject({ success: true });
  expect(await call(a, 'request_handoff', { sessionKey: 's', targetAgent: 'bob' })).toMatchObject({ success: true });
  expect((await history(b, 's')).map(({ content }) => content)).toEqual([
    'Session registered by agent: alice',
    'Handoff requested to agent: bob',
  ]);

  // Both write while the owner, which is the first, is killed: what was answered with success before or after must be there.
  const acknowledged: string[] = [];
  const write = async (server: ServerProcess, from: string, count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const content = `${from} ${n}`;
      const answer = await call(server, 'update_context', { sessionKey: 's', contextType: 'message', content });
      if (answer['success'] === true) acknowledged.push(content);
    }
  };
  const fromA = write(a, 'a', 10_000).catch(() => undefined);
  const fromB = write(b, 'b', 60);
  while (acknowledged.length < 30) await new Promise((resolve) => setTimeout(resolve, 5));
  await a.kill('SIGKILL');
  await fromB;
  void fromA;

  const entries = await history(b, 's');
  const stored = new Set(entries.map(({ content }) => content));
  expect(acknowledged.filter((content) => !stored.has(content))).toEqual([]);
  expect(acknowledged.filter((content) => content.startsWith('b')).length).toBeGreaterThanOrEqual(55);
  expect(entries.map(({ sequenceNumber }) => sequenceNumber)).toEqual(entries.map((_entry, index) => index + 1));

  // A third server finds everything too, and work goes on there.
  const c = await connected();
  expect(await history(c, 's')).toHaveLength(entries.length);
  expect(await call(c, 'update_context', { sessionKey: 's', contextType: 'message', content: 'from c' })).toMatchObject({ success: true });
}, 90_000);
