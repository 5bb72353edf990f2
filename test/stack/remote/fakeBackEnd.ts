import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a fake back end was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface FakeAnswer {
  readonly status?: number;
  /** JSON, or text as it is. */
  readonly body: unknown;
}

export interface FakeBackEnd {
  readonly url: string;
  readonly asked: readonly Asked[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** An HTTP server on a free port that answers as a test says, in the shapes that the real back ends document. */
export async function startFakeBackEnd(answer: (asked: Asked) => FakeAnswer): Promise<FakeBackEnd> {
  const requests: Asked[] = [];
  // A query that makes no sense is the caller's mistake, whoever that is: nothing says that only the test knows the port.
  const answerOf = (asked: Asked): FakeAnswer => {
    try {
      return answer(asked);
    } catch (error) {
      return { status: 400, body: String(error) };
    }
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
      const asked = { method: request.method ?? '', path: pathname, query: searchParams, body, headers: request.headers };
      requests.push(asked);
      const { status = 200, body: answered } = answerOf(asked);
      const isText = typeof answered === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/html; charset=utf-8' : 'application/json' });
      response.end(isText ? answered : JSON.stringify(answered));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
