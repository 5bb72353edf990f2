import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange, Recording } from './recording.js';

/** Differ between two runs by nature, or say only how Node keeps the connection. */
const UNTOLD = new Set(['date', 'connection', 'keep-alive']);

/** `fetch` that writes down what it sent and what came back, frame by frame, without holding anything up. */
export function recordingFetch(recording: Recording): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const exchange: Exchange = {
      request: {
        method: init?.method ?? 'GET',
        path: `${url.pathname}${url.search}`,
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: typeof init?.body === 'string' ? init.body : '',
      },
      status: 0,
      headers: {},
      body: '',
    };
    recording.exchanges.push(exchange);
    const response = await fetch(input, init);
    exchange.status = response.status;
    exchange.headers = Object.fromEntries([...response.headers].filter(([name]) => !UNTOLD.has(name)));
    if (response.body === null) return response;
    const decoder = new TextDecoder();
    const tap = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        exchange.body += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(tap), {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
}

export interface HttpHost {
  readonly url: URL;
  close(): Promise<void>;
}

/** Serves `handle` on a free port. */
export async function host(handle: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<HttpHost> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`), close };
}
