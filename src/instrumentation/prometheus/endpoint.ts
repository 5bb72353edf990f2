import type { Cluster } from 'node:cluster';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCode, errorMessage } from '../../errors/classify.js';
import { isLoopback } from '../../values/loopback.js';
import type { PrometheusSettings } from '../settings/prometheus.js';
import { isForeignHost } from './foreignHost.js';
import { listenRefusal } from './listenRefusal.js';
import { plain } from './scrape.js';
import type { MetricsHandler } from './scrape.js';

export interface PrometheusEndpoint {
  /** Returns `http://host:port/metrics` once it listens. */
  address(): string | undefined;
  /** Returns why it does not listen. */
  problem(): string | undefined;
  close(): void;
}

const OTHER_HOST = 'set OTEL_EXPORTER_PROMETHEUS_HOST to an address of this machine, such as 127.0.0.1 or ::1, without a port';
const NO_SUCH_HOST: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL']);
const OTHER_PORT = 'set OTEL_EXPORTER_PROMETHEUS_PORT to another port, or to 0 for a free one';

/** The files a process may open are the host's: strangers who connect and say nothing must not take them all. */
const MAX_CONNECTIONS = 128;

/** The number of ports a worker of `node:cluster` tries; with more workers on one machine, each has its own port set. */
const WORKER_PORTS = 128;

/**
 * Serves `GET /metrics` on a port of its own, without keeping the process alive. A port that is not available is reported and
 * survived: telemetry must never stop a server from starting.
 *
 * Workers of `node:cluster` (which PM2's cluster mode uses) would share one port, and each scrape would be answered by a different
 * one: counters would seem to jump. Instead, each worker listens on its own port: the first free one, starting at the one set.
 */
export function openPrometheusEndpoint(
  settings: PrometheusSettings,
  handler: MetricsHandler,
  report: (line: string) => void,
  isClusterWorker = inClusterWorker(),
): PrometheusEndpoint {
  const lastPort = isClusterWorker && settings.port !== 0 ? Math.min(settings.port + WORKER_PORTS - 1, 65_535) : settings.port;
  let { port } = settings;
  let problem: string | undefined;
  const isLocal = isLoopback(settings.host);
  const server = createServer((request, response) => {
    if (isLocal && isForeignHost(request.headers.host ?? ''))
      plain(response, 403, 'Metrics are not served for this Host header: use an IP address or a local name, such as localhost.');
    else route(request, response, handler);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const fail = (reason: string, advice: string): void => {
    problem = `${settings.host}:${lastPort === settings.port ? port : `${settings.port} to ${lastPort}`}: ${reason}`;
    report(`Prometheus endpoint ${problem}. Everything else keeps working; ${advice}.`);
  };
  const listen = (): void => {
    const refusal = listenRefusal(settings.host, port);
    if (refusal !== undefined) {
      fail(refusal, 'start the program with --allow-net, or set prometheus: { enabled: false } where nobody scrapes it');
      return;
    }
    server.listen({ port, host: settings.host, exclusive: isClusterWorker });
    server.unref();
  };
  server.on('error', (error) => {
    const isTaken = errorCode(error) === 'EADDRINUSE';
    if (isTaken && port < lastPort) {
      port += 1;
      listen();
      return;
    }
    fail(isTaken ? 'the port is taken' : errorMessage(error), NO_SUCH_HOST.has(errorCode(error)) ? OTHER_HOST : OTHER_PORT);
  });
  // A scraper keeps its connection, and a stranger may open one: neither may keep a finished process from ending.
  server.on('connection', (socket) => socket.unref());
  server.on('listening', () => {
    if (port !== settings.port)
      report(
        `Prometheus endpoint of this cluster worker is on port ${port}: each worker takes the first free port from ${settings.port} on. Scrape them all.`,
      );
  });
  listen();
  return {
    address: () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') return undefined;
      const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
      return `http://${host}:${bound.port}/metrics`;
    },
    problem: () => problem,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Node loads this module anyway when a server listens; loading it earlier costs startup a few milliseconds. */
function inClusterWorker(): boolean {
  // The types declare it as an ES module.
  return (process.getBuiltinModule('node:cluster') as unknown as Cluster).isWorker;
}

function route(request: IncomingMessage, response: ServerResponse, handler: MetricsHandler): void {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== '/metrics') plain(response, 404, 'metrics are at /metrics');
  else if (request.method !== 'GET' && request.method !== 'HEAD') plain(response, 405, 'use GET');
  else handler(request, response);
}
