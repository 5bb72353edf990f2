import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';
import { MODERN_META, modernRequest } from '../unit/instrumentation/mcp/modern.js';

/** Agents that wait are told of a handoff that another process made: over stdio in both eras, and over HTTP in that of 2026. */

const ADDRESS = 'handoff://handoffs/build%20er';
/** The same inbox, as another client may spell it. */
const SPELT = 'handoff://handoffs/b%75ild%20er';
const UPDATED = 'notifications/resources/updated';
const DEADLINE_MS = 10_000;

let database: FreshDatabase;
let legacy: ServerProcess;
let modern: ServerProcess;
let http: ServerProcess;
let url: string;

beforeAll(async () => {
  database = await freshDatabase();
  const env = { DATABASE_URL: database.url, OTEL_SDK_DISABLED: 'true' };
  http = startServer([], { ...env, HANDOFF_HTTP_PORT: '0', HANDOFF_ADMIN_PORT: '0', HANDOFF_SHUTDOWN_TIMEOUT_MS: '45000' });
  url = String((await http.logged('handoff.http.listening'))['url']);
  legacy = startServer(['--stdio'], env);
  modern = startServer(['--stdio'], env);
});

afterAll(async () => {
  await Promise.all([legacy.end(), modern.end(), http.kill('SIGTERM')]);
  await database.drop();
});

const updates = (server: ServerProcess): Record<string, unknown>[] =>
  server.stdout.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ method }) => method === UPDATED);

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`${what} did not happen within ${DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function callOverHttp(id: string, name: string, args: object): Promise<void> {
  const { method, headers, body } = modernRequest({ id, method: 'tools/call', params: { name, arguments: args } });
  const answer = await fetch(url, { method, headers, body: await new Response(body).text() });
  expect(await answer.text()).toContain('\\"success\\": true');
}

const call = (id: number, name: string, args: object, meta: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...meta },
});

it('a client of the 2025 era by resources/subscribe, one of the 2026 era by subscriptions/listen, over stdio and HTTP', async () => {
  legacy.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  });
  expect(await legacy.answer(1)).toMatchObject({ result: { capabilities: { resources: { subscribe: true } } } });
  legacy.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  legacy.send({ jsonrpc: '2.0', id: 2, method: 'resources/subscribe', params: { uri: ADDRESS } });
  expect(await legacy.answer(2)).toMatchObject({ result: {} });
  legacy.send({ jsonrpc: '2.0', id: 3, method: 'resources/subscribe', params: { uri: 'handoff://sessions' } });
  expect(await legacy.answer(3)).toMatchObject({
    error: { code: -32602, message: expect.stringContaining('handoff://handoffs/{agentId}') },
  });

  const meta = { _meta: MODERN_META };
  modern.send({
    jsonrpc: '2.0',
    id: 'l',
    method: 'subscriptions/listen',
    params: { ...meta, notifications: { resourceSubscriptions: [SPELT] } },
  });
  await until(() => modern.stdout.some((line) => line.includes('acknowledged')), 'the acknowledgement over stdio');

  const { method, headers, body } = modernRequest({
    id: 'h',
    method: 'subscriptions/listen',
    params: { notifications: { resourceSubscriptions: [ADDRESS] } },
  });
  const stream = await fetch(url, { method, headers, body: await new Response(body).text() });
  let received = '';
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) received += new TextDecoder().decode(chunk);
  })();
  await until(() => received.includes('acknowledged'), 'the acknowledgement over HTTP');
  expect(received).toContain(ADDRESS);

  await callOverHttp('r', 'register_session', { sessionKey: 'k', agentFrom: 'planner' });
  await callOverHttp('q', 'request_handoff', { sessionKey: 'k', targetAgent: 'someone else' });
  await callOverHttp('o', 'request_handoff', { sessionKey: 'k', targetAgent: 'build er', requestType: 'full_handoff' });
  await until(
    () => updates(legacy).length > 0 && updates(modern).length > 0 && received.includes(UPDATED),
    'the notification of all three',
  );
  expect(updates(legacy)).toEqual([{ jsonrpc: '2.0', method: UPDATED, params: { uri: ADDRESS } }]);
  expect(updates(modern)).toMatchObject([{ params: { uri: SPELT, _meta: { 'io.modelcontextprotocol/subscriptionId': 'l' } } }]);
  expect(received.split(UPDATED)).toHaveLength(2);

  // Whoever ends its subscription is told nothing more.
  legacy.send({ jsonrpc: '2.0', id: 5, method: 'resources/unsubscribe', params: { uri: ADDRESS } });
  await legacy.answer(5);
  legacy.send(call(6, 'accept_handoff', { sessionKey: 'k', agent: 'build er' }));
  expect(JSON.stringify(await legacy.answer(6))).toContain('Handoff accepted');
  await callOverHttp('p', 'request_handoff', { sessionKey: 'k', targetAgent: 'build er' });
  await until(() => updates(modern).length === 2 && received.split(UPDATED).length === 3, 'the second notification');
  expect(updates(legacy)).toHaveLength(1);

  // A subscription lasts as long as its client wants, and must not hold up the end of the server.
  const beganMs = performance.now();
  await http.kill('SIGTERM');
  await reading;
  expect(performance.now() - beganMs).toBeLessThan(30_000);
});
