import { afterEach, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

const running: ServerProcess[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.kill('SIGKILL')));
});

let nextId = 0;

async function connected(url: string): Promise<ServerProcess> {
  const server = startServer(['--stdio'], { DATABASE_URL: url, OTEL_SDK_DISABLED: 'true' });
  running.push(server);
  const clientInfo = { name: 't', version: '1' };
  server.send({
    jsonrpc: '2.0',
    id: 'init',
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  });
  await server.answer('init');
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return server;
}

function send(server: ServerProcess, name: string, args: object): number {
  nextId += 1;
  server.send({ jsonrpc: '2.0', id: nextId, method: 'tools/call', params: { name, arguments: args } });
  return nextId;
}

async function call(server: ServerProcess, name: string, args: object): Promise<Record<string, unknown>> {
  const { result } = (await server.answer(send(server, name, args))) as { result?: { content: [{ text: string }] } };
  return JSON.parse(result?.content[0].text ?? '{}') as Record<string, unknown>;
}

it('a server that was killed in the middle of calls leaves each session as it was acknowledged, to whoever comes next', async () => {
  const database = await freshDatabase();
  try {
    const killed = await connected(database.url);
    const other = await connected(database.url);
    await call(killed, 'register_session', { sessionKey: 's', agentFrom: 'alice', metadata: { ticket: 7 } });
    await call(killed, 'update_context', { sessionKey: 's', contextType: 'message', content: 'acknowledged' });
    await call(killed, 'request_handoff', { sessionKey: 's', targetAgent: 'bob' });
    const asked = { sessionKey: 's' };
    const before = await call(other, 'get_context', asked);
    // Under way when the process dies: each is there whole, or not at all.
    for (let index = 0; index < 20; index += 1)
      send(killed, 'update_context', { sessionKey: 's', contextType: 'message', content: `under way ${index}` });
    await killed.kill('SIGKILL');

    const next = await connected(database.url);
    const after = await call(next, 'get_context', asked);
    const entriesOf = (answer: Record<string, unknown>): { content: string; sequenceNumber: number }[] =>
      answer['contextHistory'] as { content: string; sequenceNumber: number }[];
    const [kept, found] = [entriesOf(before), entriesOf(after)];
    expect(kept.map(({ content }) => content)).toContain('acknowledged');
    expect(found.slice(0, kept.length)).toEqual(kept);
    expect(found.map(({ sequenceNumber }) => sequenceNumber)).toEqual(found.map((_, index) => index + 1));
    for (const { content } of found.slice(kept.length)) expect(content).toMatch(/^under way \d+$/);
    expect(await call(next, 'accept_handoff', { sessionKey: 's', agent: 'bob' })).toMatchObject({ success: true });
    expect(await call(other, 'get_summary', asked)).toMatchObject({ success: true });
  } finally {
    await Promise.all(running.splice(0).map((server) => server.kill('SIGKILL')));
    await database.drop();
  }
});
