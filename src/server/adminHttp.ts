import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostHeaderValidation } from '@modelcontextprotocol/node';
import { listen } from './listen.js';
import type { Listening } from './listen.js';

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  /** Names accepted in the Host header, without port; a page of another site must not read our metrics. Default: any. */
  readonly allowedHosts?: readonly string[];
  /** Answers with the metrics in Prometheus text form. */
  readonly metricsHandler: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Serves `/metrics` and `/livez` for operators; rejects when the address cannot be taken. */
export function serveAdminHttp({ host, port, allowedHosts, metricsHandler }: AdminOptions): Promise<Listening> {
  const isForUs = allowedHosts === undefined ? () => true : hostHeaderValidation([...allowedHosts]);
  return listen(host, port, (request, response) => {
    if (!isForUs(request, response)) return;
    const path = (request.url ?? '').split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'Only GET is answered here.\n', { allow: 'GET, HEAD' });
    } else if (path === '/metrics') {
      try {
        metricsHandler(request, response);
      } catch {
        // Uncaught here, it would end the process; a scraper reports the 500.
        answer(response, 500, 'The metrics could not be written.\n');
      }
    } else if (path === '/livez') {
      answer(response, 200, 'ok\n');
    } else {
      answer(response, 404, 'Nothing is here. See /metrics and /livez.\n');
    }
  });
}

function answer(response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(text);
}
