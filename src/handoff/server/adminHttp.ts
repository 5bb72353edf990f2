import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostGuard } from './httpGuards.js';
import { listen } from './listen.js';
import type { ListenLimits, Listening } from './listen.js';
import type { Readiness } from './readiness.js';

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  /** Names accepted in the Host header, without port, so that pages of other sites cannot read our metrics. Default: any. */
  readonly allowedHosts?: readonly string[];
  /** Returns the metrics in the Prometheus text format. */
  readonly metricsHandler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Reports whether calls can succeed. Never rejects, and answers in time even when something hangs. */
  readonly isReady: () => Promise<Readiness>;
}

/**
 * A port shared by the workers of a cluster would show the counters of a different worker each time. Scrapers and probes are few;
 * a client that opens more connections than this, or does not read, must not exhaust the server's memory.
 */
const LIMITS: ListenLimits = { maxConnections: 100, maxOpen: 50, maxHeldBytes: 64 * 1024 * 1024, maxUnreadMs: 10_000, isExclusive: true };

/** Serves `/metrics`, `/livez` and `/readyz` for operators; rejects when it cannot listen on the address. */
export function serveAdminHttp({ host, port, allowedHosts, metricsHandler, isReady }: AdminOptions): Promise<Listening> {
  const findRefusal = allowedHosts === undefined ? () => undefined : hostGuard(allowedHosts);
  return listen(host, port, LIMITS, {
    onRequest: (request, response) => {
      const refusal = findRefusal(request);
      const path = (request.url ?? '').split('?', 1)[0];
      if (refusal !== undefined) {
        answer(response, refusal.status, 'The host in the Host header is not served here.\n');
      } else if (request.method !== 'GET' && request.method !== 'HEAD') {
        answer(response, 405, 'Only GET is allowed here.\n', { allow: 'GET, HEAD' });
      } else if (path === '/metrics') {
        try {
          metricsHandler(request, response);
        } catch {
          // Uncaught, it would end the process; a scraper reports the 500.
          answer(response, 500, 'The metrics could not be written.\n');
        }
      } else if (path === '/livez') {
        answer(response, 200, 'ok\n');
      } else if (path === '/readyz') {
        void isReady().then((readiness) => answer(response, ...readyAnswer(readiness)));
      } else {
        answer(response, 404, 'Not found. See /metrics, /livez and /readyz.\n');
      }
    },
    onBusy: (_request, response) => answer(response, 503, 'Too many requests are open.\n'),
  });
}

function readyAnswer(readiness: Readiness): [number, string] {
  return readiness === 'ready' ? [200, 'ready\n'] : [503, `not ready: ${readiness.reason}\n`];
}

function answer(response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(text);
}
