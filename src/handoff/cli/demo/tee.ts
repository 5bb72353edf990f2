import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode, errorMessage } from '../../../errors/classify.js';

/** An OTLP/HTTP endpoint that forwards every request to two places. */
export interface Tee {
  readonly url: string;
  /** Why the collector did not take a request: a code, or what it answered. Absent while it took all of them. */
  readonly problem: string | undefined;
  /** Resolves when nothing is on its way: a server that ended may not have waited for the answer to its last request. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Headers that are hop-by-hop or set by `fetch`. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']);

/**
 * Sends each request to `collector` first, and to `witness` only if the collector accepted it, so that the witness knows
 * exactly what the collector has to deliver. The sender gets the collector's response and retries accordingly.
 */
export async function startTee(witness: string, collector: string): Promise<Tee> {
  const underWay = new Set<Promise<void>>();
  let problem: string | undefined;
  const server = createServer((request, response) => {
    const passed = passOn(request, witness, collector).then(
      ({ status, body, path }) => {
        if (status >= 300) problem ??= `HTTP ${status} at ${path}`;
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      },
      (error: unknown) => {
        problem ??= errorCode(rootCause(error)) ?? errorMessage(error);
        response.writeHead(502).end();
      },
    );
    underWay.add(passed);
    void passed.then(() => underWay.delete(passed));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get problem() {
      return problem;
    },
    settled: async () => {
      await Promise.all(underWay);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function passOn(
  request: IncomingMessage,
  witness: string,
  collector: string,
): Promise<{ status: number; body: Buffer; path: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !NOT_PASSED_ON.has(name) ? [[name, value]] : [],
  );
  const send = (base: string): Promise<Response> =>
    fetch(`${base.replace(/\/+$/, '')}${request.url ?? ''}`, { method: 'POST', headers, body: Buffer.concat(chunks) });
  const answer = await send(collector);
  if (answer.ok) await send(witness);
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()), path: request.url ?? '' };
}

/** `fetch` wraps what happened to its connection. */
function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}
