import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CallCancelledError } from '../../../../src/errors/callCancelledError.js';
import { OverloadedError } from '../../../../src/errors/overloadedError.js';
import type { ShedReason } from '../../../../src/errors/overloadedError.js';
import type { CallOptions } from '../../../../src/handoff/resilience/admission/admission.js';
import type { Turn } from '../../../../src/handoff/resilience/admission/turn.js';
import { unlessAdmitted } from '../../../../src/handoff/server/admit.js';
import type { Admit } from '../../../../src/handoff/server/admit.js';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { serveHandoffHttp } from '../../../../src/handoff/server/http.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { fakeJobs } from './fakeJobs.js';
import { FakeSessions, LIMITS, summary } from './fakeSessions.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const off = [{ feature: 'cache' }];
const ACCEPT = 'application/json, text/event-stream';
const HEADERS = { accept: ACCEPT, 'content-type': 'application/json', 'mcp-protocol-version': '2025-06-18' };
const SUMMARY_CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_summary', arguments: { sessionKey: 'k' } } };
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
let hasRoom = false;
let mostOpen = 100;
let refused = 0;
let made = 0;
let entered: CallOptions[] = [];
let ends: string[] = [];
let admitted = 0;
let turn: () => Turn | Promise<Turn>;
let summarise: () => Promise<typeof summary>;
const overloaded = (reason: ShedReason = 'queue_full'): OverloadedError => new OverloadedError(reason, 250);
const freeTurn = (): Turn => ({ done: () => ends.push('done'), failed: () => ends.push('failed'), leave: () => ends.push('leave') });
const makeServer = (admit: Admit): ReturnType<typeof handoffServerFactory> =>
  handoffServerFactory({
    sessions: new FakeSessions({ summary: () => summarise() }).sessions,
    jobs: fakeJobs,
    limits: LIMITS,
    version: '1',
    admit,
    degraded: () => off,
  });
const admitInTool: Admit = (work) => {
  admitted += 1;
  return work();
};

beforeEach(async () => {
  [hasRoom, mostOpen, refused, made, entered, ends, admitted, turn] = [false, 100, 0, 0, [], [], 0, freeTurn];
  summarise = async () => summary;
  const make = makeServer(unlessAdmitted(admitInTool));
  listening = await serveHandoffHttp({
    makeServer: () => {
      made += 1;
      return make();
    },
    log: silent,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: [],
    maxBodyBytes: 100_000,
    calls: {
      hasRoom: () => hasRoom,
      enter: (options) => {
        entered.push(options);
        return turn();
      },
      refuse: () => {
        refused += 1;
        return 249.5;
      },
      get mostOpen() {
        return mostOpen;
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

async function post(method: string, params: object): Promise<Answered> {
  // A connection of its own: a kept one may lead to the server of another test that had the same port.
  const asked = request(listening.url, { method: 'POST', agent: false, headers: HEADERS });
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

const summaryCall = (): Promise<Answered> => post('tools/call', SUMMARY_CALL.params);

it('lets in as many as may be open, and again when one is answered', async () => {
  hasRoom = true;
  mostOpen = 1;
  const gate = Promise.withResolvers<Turn>();
  turn = () => gate.promise;
  const first = summaryCall();
  await expect.poll(() => entered.length).toBe(1);
  expect((await summaryCall()).result.isError).toBe(true);
  gate.resolve(freeTurn());
  expect((await first).result.isError).toBeUndefined();
  await expect.poll(async () => (await summaryCall()).result.isError).toBeUndefined();
});

it('does nothing of MCP for a call before its turn, and has the tool wait for no other', async () => {
  hasRoom = true;
  const gate = Promise.withResolvers<Turn>();
  turn = () => gate.promise;
  const call = summaryCall();
  await expect.poll(() => entered.length).toBe(1);
  expect([made, entered[0]?.isMeasured]).toEqual([0, true]);
  gate.resolve(freeTurn());
  expect((await call).result.isError).toBeUndefined();
  await expect.poll(() => ends).toEqual(['done']);
  expect([made, admitted]).toEqual([1, 0]);
});

it('keeps the turn of a call while its work goes on, whoever still waits for it', async () => {
  hasRoom = true;
  const gate = Promise.withResolvers<undefined>();
  const begun = Promise.withResolvers<undefined>();
  summarise = () => {
    begun.resolve(undefined);
    return gate.promise.then(() => summary);
  };
  const asked = request(listening.url, { method: 'POST', agent: false, headers: HEADERS }).on('error', () => undefined);
  asked.end(JSON.stringify(SUMMARY_CALL));
  await begun.promise;
  asked.destroy();
  // The server knows once the only place there is can be had.
  mostOpen = 1;
  const invalid = async (): Promise<Answered> => post('tools/call', { name: 'get_summary', arguments: {} });
  await expect.poll(async () => (await invalid()).result.content[0].text).toContain('Invalid input');
  expect(ends).toEqual(['leave']);
  gate.resolve(undefined);
  await expect.poll(() => ends).toEqual(['leave', 'done']);
});

it('has no turn held by an answer that waits for the one before', async () => {
  hasRoom = true;
  const gate = Promise.withResolvers<undefined>();
  summarise = () => gate.promise.then(() => summary);
  const { port, host } = new URL(listening.url);
  const socket = connect(Number(port), '127.0.0.1');
  const send = (args: object): void => {
    const body = JSON.stringify({ ...SUMMARY_CALL, params: { name: 'get_summary', arguments: args } });
    const headers = Object.entries({ host, ...HEADERS, 'content-length': String(body.length) });
    socket.write(`POST /mcp HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
  };
  try {
    // HTTP/1.1 sends answers in the order of the requests.
    for (const args of [{ sessionKey: 'k' }, {}, {}]) send(args);
    await expect.poll(() => ends).toEqual(['leave', 'leave']);
    gate.resolve(undefined);
    await expect.poll(() => ends).toEqual(['leave', 'leave', 'done']);
  } finally {
    socket.destroy();
  }
});

it('refuses a call that has waited too long', async () => {
  hasRoom = true;
  turn = () => Promise.reject(overloaded('queue_timeout'));
  const { result } = await summaryCall();
  expect(JSON.parse(result.content[0].text)).toMatchObject({ code: 'HANDOFF_OVERLOADED', retryAfterMs: 250 });
  expect(made).toBe(0);
});

it('forgets a call whose caller has gone away while it waited', async () => {
  hasRoom = true;
  const gate = Promise.withResolvers<Turn>();
  turn = () => gate.promise;
  const asked = request(listening.url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } });
  asked.on('error', () => undefined).end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_summary' } }));
  await expect.poll(() => entered.length).toBe(1);
  asked.destroy();
  await expect.poll(() => entered[0]?.signal?.aborted).toBe(true);
  gate.reject(new CallCancelledError());
  // Nothing of it is left: the only place there is can be had.
  mostOpen = 1;
  turn = freeTurn;
  expect((await summaryCall()).result.isError).toBeUndefined();
  expect(made).toBe(1);
});

it('frees the place of a call that came to no work, and measures no call whose duration says nothing', async () => {
  hasRoom = true;
  expect((await post('tools/call', { name: 'get_summary', arguments: {} })).result.isError).toBe(true);
  await expect.poll(() => ends).toEqual(['leave']);
  await post('tools/call', { name: 'analyze_codebase', arguments: { sessionKey: 'k', filePaths: ['/a.ts'] } });
  expect(entered.map(({ isMeasured }) => isMeasured)).toEqual([true, false]);
});

it('serves what operators need, and what is no call of a tool, without room', async () => {
  expect((await post('tools/call', { name: 'get_job_status', arguments: {} })).result.isError).not.toBe(true);
  expect((await post('tools/list', {})).result).toHaveProperty('tools');
  expect([refused, entered]).toEqual([0, []]);
});

it('has the reads of resources admitted where they begin', async () => {
  await post('resources/read', { uri: 'handoff://summary/k' });
  expect([admitted, entered]).toEqual([1, []]);
});
