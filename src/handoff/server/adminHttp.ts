import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostGuard } from './httpGuards.js';
import { listen } from './listen.js';
import type { ListenLimits, Listening } from './listen.js';
import type { Readiness } from './readiness.js';

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  /** Names accepted in the Host header, without port; a page of another site must not read our metrics. Default: any. */
  readonly allowedHosts?: readonly string[];
  /** Answers with the metrics in Prometheus text form. */
  readonly metricsHandler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Says whether calls can succeed. Never rejects, and answers in time whatever hangs. */
  readonly isReady: () => Promise<Readiness>;
}

/**
 * A port that workers of a cluster shared would show the counters of one, then of another. Scrapers and probes are few; whoever
 * opens more than this, or does not read, must not cost the server its memory.
 */
const LIMITS: ListenLimits = { maxConnections: 100, maxOpen: 50, maxHeldBytes: 64 * 1024 * 1024, maxUnreadMs: 10_000, isExclusive: true };

/** Serves `/metrics`, `/livez` and `/readyz` for operators; rejects when the address cannot be taken. */
export function serveAdminHttp({ host, port, allowedHosts, metricsHandler, isReady }: AdminOptions): Promise<Listening> {
  const findStranger = allowedHosts === undefined ? () => undefined : hostGuard(allowedHosts);
  return listen(host, port, LIMITS, {
    onRequest: (request, response) => {
      const stranger = findStranger(request);
      const path = (request.url ?? '').split('?', 1)[0];
      if (stranger !== undefined) {
        answer(response, stranger.status, 'The Host header names no host that is served here.\n');
      } else if (request.method !== 'GET' && request.method !== 'HEAD') {
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
      } else if (path === '/readyz') {
        void isReady().then((readiness) => answer(response, ...readyAnswer(readiness)));
      } else {
        answer(response, 404, 'Nothing is here. See /metrics, /livez and /readyz.\n');
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
