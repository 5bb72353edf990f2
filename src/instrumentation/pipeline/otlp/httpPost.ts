import { request as httpRequest } from 'node:http';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Progress } from './progress.js';

/** The receiver's answer to one POST; `status` is absent when there was no answer. */
export interface PostResult {
  readonly status?: number;
  /** The name of the gRPC status that `status` stands for. */
  readonly grpcStatus?: string;
  readonly body?: Uint8Array;
  /** The body is a page of HTML. Some receivers call any text HTML, so it has to begin like one as well. */
  readonly isPage?: boolean;
  /** The value of the header `Retry-After`. */
  readonly retryAfter?: string;
  /** What gRPC's `RetryInfo` says, in milliseconds. */
  readonly retryInfoMs?: number;
  /** Why there was no answer: an errno-style code or a short sentence. */
  readonly failure?: string;
}

export interface PostOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  /** Longest wait for the connection alone: a connection attempt keeps the process alive, and nothing can change that. */
  readonly connectTimeoutMs: number;
  readonly progress: Progress;
}

/** Why an answer counts for nothing that no OTLP receiver gives. */
export const NOT_OTLP = 'answer is not OTLP';

/** An OTLP answer is a few bytes; whatever sends more is not an OTLP receiver. */
const MAX_ANSWER_BYTES = 65_536;

/**
 * Posts one body. Never rejects, ends within `timeoutMs`, and never keeps the process alive by an idle wait: a caller that
 * needs the answer before the process ends keeps the event loop alive itself (`isOverWithin()` does).
 */
export function post(options: PostOptions): Promise<PostResult> {
  return new Promise((resolve) => {
    const { url, headers, agent, body, timeoutMs } = options;
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, { method: 'POST', agent, headers: { ...headers, 'Content-Length': String(body.byteLength) } });
    options.progress.attempt(request);
    const finish = (result: PostResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(() => {
      request.destroy();
      // A request whose connection has another protocol by now reports nothing when it is destroyed.
      finish({ failure: 'no answer in time' });
    }, timeoutMs);
    timer.unref();
    dropReference(request, options.connectTimeoutMs);
    request.on('error', (error) => finish({ failure: failureOf(error) }));
    request.on('response', (answer) => read(answer, finish));
    request.end(body);
  });
}

/** An agent refs a reused socket each time, so this has to happen per request. */
function dropReference(request: ClientRequest, connectTimeoutMs: number): void {
  request.on('socket', (socket) => {
    socket.unref();
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(new Error('no connection in time')), connectTimeoutMs);
    timer.unref();
    const stop = (): void => clearTimeout(timer);
    socket.once('connect', stop).once('close', stop);
  });
}

function read(answer: IncomingMessage, finish: (result: PostResult) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) answer.destroy(new Error(NOT_OTLP));
    else chunks.push(chunk);
  });
  answer.on('error', (error) => finish({ failure: failureOf(error) }));
  answer.on('end', () => {
    const retryAfter = answer.headers['retry-after'];
    const body = Buffer.concat(chunks);
    const isPage = /^text\/html\b/i.test(answer.headers['content-type'] ?? '') && /^\s*</.test(body.toString('utf8', 0, 100));
    finish({ status: answer.statusCode ?? 0, body, isPage, ...(retryAfter === undefined ? {} : { retryAfter }) });
  });
}

function failureOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
