import { IncomingMessage, ServerResponse } from 'node:http';
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { toError } from '../../../errors/classify.js';
import type { MetricsAnswer } from './adminSource.js';

/** Answers an HTTP request with all metrics. */
export type MetricsHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Resolves with what a handler of HTTP requests answers to a GET, without a connection; rejects when it throws. Only what is written as
 * text at the end of the answer is seen, uncompressed, because that is what our handler does.
 */
export function captureAnswer(handler: MetricsHandler, accept: string): Promise<MetricsAnswer> {
  return new Promise((resolve, reject) => {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    request.url = '/metrics';
    request.headers = { accept };
    try {
      handler(request, new CapturedResponse(request, resolve));
    } catch (error) {
      reject(toError(error));
    }
  });
}

class CapturedResponse extends ServerResponse {
  readonly #resolve: (answer: MetricsAnswer) => void;

  constructor(request: IncomingMessage, resolve: (answer: MetricsAnswer) => void) {
    super(request);
    this.#resolve = resolve;
  }

  /** Kept like those that are set one by one: Node would write them out. */
  override writeHead(status: number, ...rest: unknown[]): this {
    this.statusCode = status;
    const given = rest.at(-1);
    const headers = typeof given === 'object' && given !== null ? (given as OutgoingHttpHeaders) : {};
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.setHeader(name, value);
    return this;
  }

  override end(...rest: unknown[]): this {
    const [body] = rest;
    const headers = Object.fromEntries(Object.entries(this.getHeaders()).map(([name, value]) => [name, textOf(value)]));
    this.#resolve({ status: this.statusCode, headers, body: typeof body === 'string' ? body : '' });
    return this;
  }
}

function textOf(value: OutgoingHttpHeader | undefined): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
