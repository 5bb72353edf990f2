import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { beforeEach, expect, it } from 'vitest';
import { CallCancelledError } from '../../../../src/errors/callCancelledError.js';
import type { Turn } from '../../../../src/handoff/resilience/admission/turn.js';
import { Door } from '../../../../src/handoff/server/door.js';

/** What the door does by itself, without a server behind it. */

class FakeResponse extends EventEmitter {
  destroyed = false;
  head: unknown;
  text: string | undefined;

  writeHead(status: number, headers: object): this {
    this.head = { status, headers };
    return this;
  }

  end(text: string): void {
    this.text = text;
    this.emit('close');
  }

  disconnect(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

let door: Door;
let hasRoom: boolean;
let mostOpen: number;
let off: readonly object[];
let turn: () => Turn | Promise<Turn>;
let left: number;
let served: number[];

beforeEach(() => {
  [hasRoom, mostOpen, off, left, served] = [true, 1000, [], 0, []];
  turn = () => ({ done: () => undefined, failed: () => undefined, leave: () => (left += 1) });
  door = new Door({
    hasRoom: () => hasRoom,
    enter: () => turn(),
    refuse: () => 250,
    get mostOpen() {
      return mostOpen;
    },
    degraded: () => off,
  });
});

const call = (id: unknown, name = 'get_summary'): object => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });

/** Serves one call; what serves it answers at once. */
function serve(message: object, response = new FakeResponse(), headers: IncomingHttpHeaders = {}): Promise<void> {
  const { id } = message as { readonly id: number };
  return door.serve(message, { headers } as IncomingMessage, response as unknown as ServerResponse, async () => {
    served.push(id);
    response.end('served');
  });
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
/** Everything of this turn of the event loop has run, and nothing of the next one. */
const endOfTurn = async (): Promise<void> => {
  for (let each = 0; each < 20; each += 1) await Promise.resolve();
};
const refusalIn = ({ text = '' }: FakeResponse): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

it('has sixteen calls begin in a turn of the event loop, and two while connections come in', async () => {
  const calls = upTo(20).map((id) => serve(call(id)));
  await endOfTurn();
  expect(served).toEqual(upTo(16));
  await Promise.all(calls);
  expect(served).toEqual(upTo(20));
  await new Promise((resolve) => setImmediate(resolve));
  served = [];
  door.connected();
  const more = upTo(5).map((id) => serve(call(id)));
  await endOfTurn();
  expect(served).toEqual([0, 1]);
  await Promise.all(more);
});

it('serves no call whose client went away before it began, and keeps neither its turn nor its place', async () => {
  const responses = upTo(17).map(() => new FakeResponse());
  const calls = responses.map((response, id) => serve(call(id), response));
  await endOfTurn();
  responses[16]?.disconnect();
  await Promise.all(calls);
  expect(served).toEqual(upTo(16));
  expect(left).toBe(17);
  mostOpen = 1;
  await serve(call(17));
  expect(served.at(-1)).toBe(17);
});

it('asks for no turn for a client that has gone already, whose end would never be told', async () => {
  const gone = Object.assign(new FakeResponse(), { destroyed: true });
  await serve(call(1), gone);
  expect([served, left]).toEqual([[], 0]);
  mostOpen = 1;
  await serve(call(2));
  expect(served).toEqual([2]);
});

it('gives back a turn that came when its client had gone', async () => {
  const gate = Promise.withResolvers<Turn>();
  const given = turn();
  turn = () => gate.promise;
  const response = new FakeResponse();
  const waiting = serve(call(1), response);
  response.disconnect();
  gate.resolve(given);
  await waiting;
  expect([served, left]).toEqual([[], 1]);
});

it('forgets a call that was cancelled while it waited, and passes on any other failure', async () => {
  turn = () => Promise.reject(new CallCancelledError());
  await expect(serve(call(1))).resolves.toBeUndefined();
  turn = () => Promise.reject(new TypeError('broken'));
  await expect(serve(call(2))).rejects.toThrow('broken');
  expect(served).toEqual([]);
});

it.each([7, 'seven'])('refuses a call with the id %j as what it is', async (id) => {
  hasRoom = false;
  const response = new FakeResponse();
  await serve(call(id), response);
  expect(refusalIn(response)).toMatchObject({ jsonrpc: '2.0', id, result: { isError: true } });
});

it('says in the 2026 era that the refusal is whole, and in the 2025 era nothing of it', async () => {
  hasRoom = false;
  const [earlier, modern] = [new FakeResponse(), new FakeResponse()];
  await serve(call(1), earlier);
  await serve(call(1), modern, { 'mcp-method': 'tools/call' });
  expect(refusalIn(earlier)['result']).not.toHaveProperty('resultType');
  expect(refusalIn(modern)['result']).toHaveProperty('resultType', 'complete');
});

it('announces the length of a refusal in bytes', async () => {
  hasRoom = false;
  off = [{ feature: 'für später' }];
  const response = new FakeResponse();
  await serve(call(1), response);
  expect(response.text).toContain('für später');
  expect(response.head).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(response.text ?? '') },
  });
});

it.each(['constructor', 'get_job_status'])('leaves a call of %s, which is no tool for agents, to who answers it', async (name) => {
  hasRoom = false;
  await serve(call(1, name));
  expect(served).toEqual([1]);
});
