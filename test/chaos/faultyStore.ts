import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeededRandom } from './random.js';

/** Ways in which an object store fails. */
const faults = ['refuse', 'reset', 'stall', 'truncate', 'lose_answer'] as const;
type Fault = (typeof faults)[number];

/** A proxy in front of an S3 server that fails some of the requests while it is told to. */
export interface FaultyStore {
  readonly url: string;
  /** Share of the requests that fail, from 0 to 1. */
  failureShare: number;
  readonly injected: Readonly<Record<Fault, number>>;
  close(): Promise<void>;
}

const STALL_MS = 3000;

/** @param target address of the S3 server */
export async function faultyStore(target: string, random: SeededRandom): Promise<FaultyStore> {
  const injected: Record<Fault, number> = { refuse: 0, reset: 0, stall: 0, truncate: 0, lose_answer: 0 };
  // In turn, so that a run with few requests has all of them.
  const state = { failureShare: 0, next: random.between(0, faults.length - 1) };
  const server = createServer((incoming, response) => {
    if (random.next() >= state.failureShare) return void forward(target, incoming, response);
    const fault = faults[state.next % faults.length] ?? 'refuse';
    state.next += 1;
    injected[fault] += 1;
    fail(fault, target, incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get failureShare() {
      return state.failureShare;
    },
    set failureShare(share) {
      state.failureShare = share;
    },
    injected,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fail(fault: Fault, target: string, incoming: IncomingMessage, response: ServerResponse): void {
  if (fault === 'refuse') {
    incoming.resume();
    response.writeHead(503, { 'content-type': 'application/xml' });
    response.end('<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>');
  } else if (fault === 'reset') {
    incoming.socket.destroy();
  } else if (fault === 'stall') {
    setTimeout(() => forward(target, incoming, response), STALL_MS).unref();
  } else {
    // The request takes effect; its answer is cut, or never comes.
    forward(target, incoming, response, fault);
  }
}

function forward(target: string, incoming: IncomingMessage, response: ServerResponse, fault?: 'truncate' | 'lose_answer'): void {
  const { hostname, port } = new URL(target);
  const outgoing = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
    if (fault === 'lose_answer') {
      answer.resume();
      answer.on('end', () => incoming.socket.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    if (fault === undefined) return void answer.pipe(response);
    answer.once('data', (chunk: Buffer) => {
      response.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => incoming.socket.destroy());
    });
    answer.on('end', () => incoming.socket.destroy());
  });
  outgoing.on('error', () => incoming.socket.destroy());
  incoming.on('error', () => outgoing.destroy());
  incoming.pipe(outgoing);
}
