import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DrainingStdioTransport } from '../../../../src/handoff/server/drainingStdio.js';

const LONG_MS = 60_000;

let input: PassThrough;
let output: PassThrough;
let transport: DrainingStdioTransport;
let taken: JSONRPCMessage[];
let closes: number;
let errors: Error[];

async function start(maxMessageBytes?: number): Promise<void> {
  input = new PassThrough();
  output = new PassThrough();
  transport = new DrainingStdioTransport(input as unknown as NodeJS.ReadStream, output as unknown as NodeJS.WriteStream, maxMessageBytes);
  taken = [];
  closes = 0;
  errors = [];
  transport.onmessage = (message) => void taken.push(message);
  transport.onclose = () => void (closes += 1);
  transport.onerror = (error) => void errors.push(error);
  await transport.start();
}

beforeEach(() => start());

afterEach(() => void vi.useRealTimers());

/** Writes messages as the client would and waits until they were read. */
async function receive(...messages: readonly object[]): Promise<void> {
  input.write(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  await new Promise((resolve) => setImmediate(resolve));
}

const request = (id: number, method = 'tools/call') => ({ id, method, params: { name: 'x' } });
const answer = (id: number) => transport.send({ jsonrpc: '2.0', id, result: {} });

/** Whether `promise` is still waiting after everything ready has run. */
async function waits(promise: Promise<void>): Promise<boolean> {
  const state = { settled: false };
  void promise.then(() => (state.settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  return !state.settled;
}

describe('the draining stdio transport', () => {
  it('answers what it took before the client closed its end, then closes', async () => {
    await receive(request(1), request(2));
    input.end();
    await transport.gone;
    expect(closes).toBe(0);
    const drained = transport.drain(LONG_MS);
    await answer(1);
    expect(await waits(drained)).toBe(true);
    await answer(2);
    await drained;
    await transport.close();
    expect(closes).toBe(1);
    const written = String(output.read())
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: number }).id);
    expect(written).toEqual([1, 2]);
  });

  it('takes nothing more once it drains', async () => {
    await receive(request(1));
    const drained = transport.drain(LONG_MS);
    await receive(request(2));
    expect(taken).toHaveLength(1);
    await answer(1);
    await drained;
  });

  it('waits for nothing that will never be answered', async () => {
    await receive(
      request(1),
      request(2, 'subscriptions/listen'),
      { method: 'notifications/initialized' },
      { method: 'notifications/cancelled', params: { requestId: 1 } },
    );
    await transport.drain(LONG_MS);
  });

  it('counts a subscription no more that was refused, and one whose id another request has used meanwhile until it ends', async () => {
    const open: number[] = [];
    transport.onListening = (count) => void open.push(count);
    await receive(request(1, 'subscriptions/listen'), request(2, 'subscriptions/listen'), request(2, 'ping'));
    await answer(2);
    expect(open).toEqual([1, 2]);
    await transport.send({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'Invalid params' } });
    await receive({ method: 'notifications/cancelled', params: { requestId: 2 } });
    expect(open).toEqual([1, 2, 1, 0]);
  });

  it('takes a request of its own for no answer to the client that used the same id', async () => {
    await receive(request(1));
    const drained = transport.drain(LONG_MS);
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(await waits(drained)).toBe(true);
    await answer(1);
    await drained;
  });

  it('leaves neither a timer nor a listener behind, which would keep the process alive', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await receive(request(1));
    const drained = transport.drain(LONG_MS);
    await answer(1);
    await drained;
    await transport.close();
    expect([vi.getTimerCount(), input.listenerCount('data'), input.isPaused()]).toEqual([0, 0, true]);
  });

  it('sends nothing more after it drained to a client that does not read, or closing would never be over', async () => {
    await receive(request(1));
    await transport.drain(1);
    output.write('x'.repeat(1_000_000));
    await answer(1);
    await transport.close();
    expect(closes).toBe(1);
  });

  it('counts no more subscriptions than the SDK keeps', async () => {
    let open = 0;
    transport.onListening = (count) => void (open = count);
    await receive(...Array.from({ length: 1030 }, (_, id) => request(id, 'subscriptions/listen')));
    expect(open).toBe(1024);
  });

  it('waits no longer than its limit', async () => {
    await receive(request(1));
    await transport.drain(1);
  });

  it.each(['before', 'while'])('does not wait for answers nobody can read: output broken %s it drains', async (when) => {
    await receive(request(1));
    const drained = when === 'while' ? transport.drain(LONG_MS) : undefined;
    output.destroy(new Error('EPIPE'));
    await transport.gone;
    await (drained ?? transport.drain(LONG_MS));
  });

  it('reports a message larger than it can hold as the end, once', async () => {
    input.write('x'.repeat(12 * 1024 * 1024));
    const error = await transport.gone;
    expect(error?.code).toBe('HANDOFF_MESSAGE_TOO_LARGE');
    expect([errors, closes]).toEqual([[error], 0]);
  });

  it('takes a message that is just as large as it may be, also beside a part of the next one', async () => {
    const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    await start(message.length);
    input.write(message);
    await new Promise((resolve) => setImmediate(resolve));
    input.write(`\n${message}`);
    await new Promise((resolve) => setImmediate(resolve));
    expect([taken.length, errors]).toEqual([1, []]);
  });

  it('remembers only so many requests that are never answered', async () => {
    output.resume();
    await receive(...Array.from({ length: 10_001 }, (_, id) => request(id)));
    const drained = transport.drain(LONG_MS);
    for (let id = 1; id < 10_000; id += 1) await answer(id);
    expect(await waits(drained)).toBe(true);
    await answer(10_000);
    // The oldest was forgotten, so that nothing waits for its answer.
    await drained;
  });
});
