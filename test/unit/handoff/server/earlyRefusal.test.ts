import { once } from 'node:events';
import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OverloadedError } from '../../../../src/errors/overloadedError.js';
import type { Admit } from '../../../../src/handoff/server/admit.js';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { serveHandoffHttp } from '../../../../src/handoff/server/http.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { fakeJobs } from './fakeJobs.js';
import { FakeSessions, LIMITS, summary } from './fakeSessions.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const off = [{ feature: 'cache' }];
/** The least that is valid. */
const ARGUMENTS: Readonly<Record<string, object>> = {
  register_session: { sessionKey: 'k', agentFrom: 'a' },
  update_context: { sessionKey: 'k', contextType: 'message', content: 'c' },
  request_handoff: { sessionKey: 'k', targetAgent: 'b' },
  analyze_codebase: { sessionKey: 'k', filePaths: ['/a.ts'] },
  list_sessions: {},
  get_context: { sessionKey: 'k' },
  get_summary: { sessionKey: 'k' },
  list_handoffs: { agent: 'b' },
  accept_handoff: { sessionKey: 'k', agent: 'b' },
  reject_handoff: { sessionKey: 'k', agent: 'b' },
  complete_handoff: { sessionKey: 'k', agent: 'b' },
};

let listening: Listening;
let room = 0;
let refused = 0;
let gate = Promise.withResolvers<undefined>();
const overloaded = (): OverloadedError => new OverloadedError('queue_full', 250);
const makeServer = (admit: Admit): ReturnType<typeof handoffServerFactory> =>
  handoffServerFactory({
    sessions: new FakeSessions({ summary: () => summary }).sessions,
    jobs: fakeJobs,
    limits: LIMITS,
    version: '1',
    admit,
    degraded: () => off,
  });

beforeEach(async () => {
  [room, refused, gate] = [0, 0, Promise.withResolvers<undefined>()];
  listening = await serveHandoffHttp({
    makeServer: makeServer((work) => gate.promise.then(work)),
    log: silent,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: [],
    maxBodyBytes: 100_000,
    callRoom: {
      room: () => room,
      refuse: () => {
        refused += 1;
        return 249.5;
      },
      degraded: () => off,
    },
  });
});
afterEach(() => listening.close(0));

interface Answered {
  readonly id: unknown;
  readonly result: { readonly isError?: boolean; readonly content: readonly [{ readonly text: string }] };
}

async function post(method: string, params: object, headers: Record<string, string> = {}): Promise<Answered> {
  const accept = 'application/json, text/event-stream';
  // A connection of its own: a kept one may lead to the server of another test that had the same port.
  const asked = request(listening.url, {
    method: 'POST',
    agent: false,
    headers: { accept, 'content-type': 'application/json', 'mcp-protocol-version': '2025-06-18', ...headers },
  });
  const [response] = (await once(asked.end(JSON.stringify({ jsonrpc: '2.0', id: 7, method, params })), 'response')) as [Readable];
  const text = (await response.setEncoding('utf8').toArray()).join('');
  return JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text) as Answered;
}

it('answers each tool for agents as the tool itself does when it is not admitted', async () => {
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  await makeServer(() => Promise.reject(overloaded()))().connect(serverEnd);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(clientEnd);
  try {
    const { tools } = await client.listTools();
    const operators = ['get_job_status', 'run_job_now', 'update_job_config'];
    expect(tools.map(({ name }) => name).filter((name) => !operators.includes(name))).toEqual(Object.keys(ARGUMENTS));
    for (const [name, args] of Object.entries(ARGUMENTS)) {
      const late = await client.callTool({ name, arguments: { ...args } });
      const early = await post('tools/call', { name, arguments: args });
      expect(early).toEqual({ jsonrpc: '2.0', id: 7, result: { content: late.content, isError: true } });
      expect(early.result.content[0].text).toContain('HANDOFF_OVERLOADED');
    }
    expect(refused).toBe(Object.keys(ARGUMENTS).length);
  } finally {
    await client.close();
  }
});

it('lets in as many as there is room for, and again when one is answered', async () => {
  room = 1;
  const call = (): Promise<Answered> => post('tools/call', { name: 'get_summary', arguments: { sessionKey: 'k' } });
  const first = call();
  await expect.poll(async () => (await Promise.race([first, call()])).result.isError).toBe(true);
  gate.resolve(undefined);
  expect((await first).result.isError).toBeUndefined();
  await expect.poll(async () => (await call()).result.isError).toBeUndefined();
});

it('serves what operators need, and what is no call of a tool, without room', async () => {
  expect((await post('tools/call', { name: 'get_job_status', arguments: {} })).result.isError).not.toBe(true);
  expect((await post('tools/list', {})).result).toHaveProperty('tools');
  expect(refused).toBe(0);
});
