import { once } from 'node:events';
import { createServer as createHttp2Server } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GrpcConnection } from '../../../../../../src/instrumentation/pipeline/otlp/grpc/connection.js';

/** More than a receiver lets a sender send before it reads. */
const LARGE = Buffer.alloc(1_000_000);
const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

async function listening(server: Server | ReturnType<typeof createHttp2Server>): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  undo.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function accept(stream: ServerHttp2Stream): void {
  stream.resume().on('end', () => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end();
  });
}

/** Starts a receiver that does `handle` with each call. */
async function receiver(handle: (stream: ServerHttp2Stream) => void): Promise<number> {
  const server = createHttp2Server();
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    handle(stream);
  });
  server.on('session', (session) => session.on('error', () => undefined));
  return listening(server);
}

function connectionTo(port: number): GrpcConnection {
  const target = { url: `http://127.0.0.1:${port}`, headers: {}, compression: 'none' } as const;
  const connection = new GrpcConnection({ signal: 'traces', target, connectTimeoutMs: 1000 });
  undo.push(() => connection.close());
  return connection;
}

/** Starts a firewall before a receiver: once told to forget, it passes nothing more on of the connections it has, and closes none. */
async function firewall(port: number): Promise<{ readonly port: number; readonly forget: () => void; readonly opened: () => number }> {
  let opened = 0;
  let forgotten = 0;
  const server = createServer((from) => {
    const number = (opened += 1);
    const to = connect(port, '127.0.0.1');
    pass(from, to, () => number > forgotten);
    pass(to, from, () => number > forgotten);
  });
  return { port: await listening(server), forget: () => (forgotten = opened), opened: () => opened };
}

function pass(from: Socket, to: Socket, isKnown: () => boolean): void {
  undo.push(() => from.destroy());
  from.on('error', () => undefined);
  from.on('data', (chunk) => void (isKnown() && to.write(chunk)));
}

describe('a gRPC call', () => {
  it('ends in time when the receiver reads no more of it', async () => {
    const connection = connectionTo(await receiver(() => undefined));
    const result = await Promise.race([connection.post(LARGE, 200), new Promise((resolve) => setTimeout(resolve, 5000, 'never'))]);
    expect(result).toEqual({ failure: 'no answer in time' });
  });
});

describe('the answer to a gRPC call', () => {
  /** A receiver that sends so many bytes and nothing after them. */
  const sending = (bytes: number): Promise<number> =>
    receiver((stream) => {
      stream.respond({ ':status': 200 });
      stream.write(Buffer.alloc(bytes));
    });

  it.each([
    [70_000, 'answer is not OTLP'],
    [1000, 'no answer in time'],
  ])('of %d bytes without an end: %s', async (bytes, failure) => {
    const connection = connectionTo(await sending(bytes));
    expect(await connection.post(Buffer.alloc(10), bytes > 65_536 ? 60_000 : 200)).toEqual({ failure });
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    undo.push(() => void vi.useRealTimers());
    const connection = connectionTo(await receiver(accept));
    expect(await connection.post(Buffer.alloc(10), 60_000)).toMatchObject({ status: 200 });
    const first = vi.getTimerCount();
    expect(await connection.post(Buffer.alloc(10), 60_000)).toMatchObject({ status: 200 });
    expect([first, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('is not waited for by a process that would end', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    let calls = 0;
    const connection = connectionTo(await receiver((stream) => void ((calls += 1) === 1 && accept(stream))));
    expect(await connection.post(Buffer.alloc(10), 60_000)).toMatchObject({ status: 200 });
    const before = timers();
    const waiting = connection.post(Buffer.alloc(10), 500);
    expect(timers()).toBe(before);
    expect(await waiting).toEqual({ failure: 'no answer in time' });
  });
});

describe('a gRPC connection', () => {
  it('on which nothing comes back is replaced', async () => {
    const { port, forget, opened } = await firewall(await receiver(accept));
    const connection = connectionTo(port);
    expect(await connection.post(LARGE, 5000)).toMatchObject({ status: 200 });
    forget();
    expect(await connection.post(LARGE, 200)).toEqual({ failure: 'no answer in time' });
    expect(await connection.post(LARGE, 5000)).toMatchObject({ status: 200 });
    expect(opened()).toBe(2);
  });

  it('is kept for the calls on it that have more time', async () => {
    const waiting: ServerHttp2Stream[] = [];
    const connection = connectionTo(await receiver((stream) => void waiting.push(stream)));
    const patient = connection.post(Buffer.alloc(10), 10_000);
    expect(await connection.post(Buffer.alloc(10), 200)).toEqual({ failure: 'no answer in time' });
    for (const stream of waiting) if (!stream.destroyed) accept(stream);
    expect(await patient).toMatchObject({ status: 200 });
  });
});
