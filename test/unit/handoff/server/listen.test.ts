import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent, request } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../../../src/handoff/server/listen.js';
import type { ListenLimits, Listener, Listening } from '../../../../src/handoff/server/listen.js';

const LIMITS: ListenLimits = { maxConnections: 100, maxOpen: 100, maxHeldBytes: 64 * 1024 * 1024, maxUnreadMs: 60_000 };

let listening: Listening | undefined;
const agents: Agent[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  for (const socket of sockets.splice(0)) socket.destroy();
  await listening?.close(0);
});

async function serve(
  onRequest: RequestListener,
  limits: Partial<ListenLimits> = {},
  more: Partial<Listener> = {},
  host = '127.0.0.1',
): Promise<Listening> {
  const onBusy = (_request: IncomingMessage, response: ServerResponse): void => void response.writeHead(503).end();
  listening = await listen(host, 0, { ...LIMITS, ...limits }, { onRequest, onBusy, ...more });
  return listening;
}

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly text: string;
}

function ask(port: number, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, agent }, (response) => {
      let text = '';
      response.on('data', (data) => (text += String(data)));
      response.on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection, text }));
    })
      .on('error', reject)
      .end();
  });
}

/** A client that sends a request and reads nothing of the answer. */
function askAndNotRead(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.pause();
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n', () => resolve(socket));
    });
    sockets.push(socket);
    socket.on('error', reject);
  });
}

async function until(condition: () => boolean, deadlineMs = 15_000): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('names an IPv6 address in brackets', async () => {
  const { url, port } = await serve((_request, response) => response.end(), {}, {}, '::1');
  expect(url).toBe(`http://[::1]:${port}`);
});

describe('closing', () => {
  /** Longer than any test: whatever waits for it was not let go. */
  const KEPT = { keepAliveMs: 600_000 };

  it('is over as soon as the last request is answered, though its client keeps the connection', async () => {
    let take = (_response: ServerResponse): void => undefined;
    const taken = new Promise<ServerResponse>((resolve) => (take = resolve));
    const { port, close } = await serve((_request, response) => take(response), KEPT);
    const answered = ask(port, keepAlive());
    const response = await taken;
    const closed = close(600_000);
    response.end('bye');
    expect(await answered).toEqual({ status: 200, connection: 'close', text: 'bye' });
    await closed;
  });

  it('lets go of a connection whose answer had begun before', async () => {
    let take = (_response: ServerResponse): void => undefined;
    const taken = new Promise<ServerResponse>((resolve) => (take = resolve));
    const { port, close } = await serve((_request, response) => take(response), KEPT);
    const answered = ask(port, keepAlive());
    const response = await taken;
    response.write('a');
    const closed = close(600_000);
    response.end('b');
    expect((await answered).text).toBe('ab');
    await closed;
  });

  it('answers the next request on a connection that was kept, and says that it was the last', async () => {
    const { port, close } = await serve((_request, response) => response.end('ok'));
    const agent = keepAlive();
    expect((await ask(port, agent)).connection).toBe('keep-alive');
    const closed = close(20_000);
    expect(await ask(port, agent)).toEqual({ status: 200, connection: 'close', text: 'ok' });
    await closed;
    await expect(ask(port, agent)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('never resets a client that goes on asking', async () => {
    const { port, close } = await serve((_request, response) => response.end('ok'));
    const codes: string[] = [];
    let connected = 0;
    const clients = Array.from({ length: 20 }, keepAlive).map(async (agent) => {
      try {
        await ask(port, agent);
        connected += 1;
        for (;;) await ask(port, agent);
      } catch (error) {
        codes.push((error as NodeJS.ErrnoException).code ?? 'none');
      }
    });
    // What the system has not handed over yet when a server stops listening, it resets by itself.
    await until(() => connected === 20);
    await close(20_000);
    await Promise.all(clients);
    expect(new Set(codes)).toEqual(new Set(['ECONNREFUSED']));
  });

  it('twice does no harm', async () => {
    const { close } = await serve((_request, response) => response.end());
    await Promise.all([close(0), close(0)]);
    await expect(close(0)).resolves.toBeUndefined();
  });
});

describe('bounds', () => {
  it('a client that is slow to ask is cut off, by Node, which looks for such clients often enough', async () => {
    const servers: unknown[] = [];
    const note = (message: unknown): void => void servers.push((message as { readonly server: unknown }).server);
    subscribe('http.server.request.start', note);
    try {
      const { port } = await serve((_request, response) => response.end('ok'));
      await ask(port, keepAlive());
    } finally {
      unsubscribe('http.server.request.start', note);
    }
    expect(servers).toMatchObject([{ headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2000 }]);
  });

  it('one connection too many is closed, and reported', async () => {
    const dropped: unknown[] = [];
    const waiting: ServerResponse[] = [];
    const { port } = await serve(
      (_request, response) => void waiting.push(response),
      { maxConnections: 2 },
      { onDropped: (address) => dropped.push(address) },
    );
    const answers = [ask(port, keepAlive()), ask(port, keepAlive())];
    await until(() => waiting.length === 2);
    await expect(ask(port, keepAlive())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(dropped).toEqual(['127.0.0.1']);
    for (const response of waiting) response.end('ok');
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(['ok', 'ok']);
  });

  it('one open request too many is refused, and there is room again when one is answered', async () => {
    const waiting: ServerResponse[] = [];
    const { port } = await serve((_request, response) => waiting.push(response), { maxOpen: 2 });
    const open = [ask(port, keepAlive()), ask(port, keepAlive())];
    await until(() => waiting.length === 2);
    expect(await ask(port, keepAlive())).toMatchObject({ status: 503, connection: 'close' });
    for (const response of waiting.splice(0)) response.end('late');
    expect((await Promise.all(open)).map(({ text }) => text)).toEqual(['late', 'late']);
    const next = ask(port, keepAlive());
    await until(() => waiting.length === 1);
    waiting[0]?.end('next');
    expect((await next).text).toBe('next');
  });

  it('an answer that is not read for too long is cut off; one that takes long to make is not', async () => {
    const cut: string[] = [];
    const waiting: ServerResponse[] = [];
    const { port } = await serve(
      (_request, response) => {
        if (waiting.length === 0) waiting.push(response);
        else response.end(Buffer.alloc(16 * 1024 * 1024));
      },
      { maxUnreadMs: 100 },
      { onCut: (reason) => cut.push(reason) },
    );
    const slow = ask(port, keepAlive());
    await until(() => waiting.length === 1);
    const socket = await askAndNotRead(port);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await until(() => cut.length > 0);
    expect(cut).toEqual(['unread']);
    socket.resume();
    await closed;
    waiting[0]?.end('made');
    expect((await slow).text).toBe('made');
  });

  it('answers that nobody reads hold no more memory than allowed: the largest goes', async () => {
    const cut: string[] = [];
    const MEBIBYTE = 1024 * 1024;
    const sizes = [8, 32, 8, 32, 8, 4].map((each) => each * MEBIBYTE);
    const held: ServerResponse[] = [];
    const { port } = await serve(
      (_request, response) => {
        const size = sizes[held.length] ?? 0;
        held.push(response);
        response.write(Buffer.alloc(size));
      },
      { maxHeldBytes: 64 * MEBIBYTE },
      { onCut: (reason) => cut.push(reason) },
    );
    for (let count = 1; count <= sizes.length; count += 1) {
      const socket = await askAndNotRead(port);
      socket.on('error', () => undefined);
      await until(() => held.length === count);
    }
    expect(cut).toEqual(['memory']);
    expect(held.map(({ destroyed }) => destroyed)).toEqual([false, true, false, false, false, false]);
  });
});
