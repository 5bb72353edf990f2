import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCode, errorMessage } from '../../errors/classify.js';
import type { PrometheusSettings } from '../settings/prometheus.js';
import { plain } from './scrape.js';
import type { MetricsHandler } from './scrape.js';

export interface PrometheusEndpoint {
  /** `http://host:port/metrics` once it listens. */
  address(): string | undefined;
  /** Why it does not listen. */
  problem(): string | undefined;
  close(): void;
}

/**
 * Serves `GET /metrics` on a port of its own, without keeping the process alive.
 * A port that cannot be had is told to `report` and survived: telemetry must never stop a server from starting.
 */
export function openPrometheusEndpoint(settings: PrometheusSettings, handler: MetricsHandler, report: (line: string) => void): PrometheusEndpoint {
  let problem: string | undefined;
  const server = createServer((request, response) => route(request, response, handler));
  server.on('error', (error) => {
    const reason = errorCode(error) === 'EADDRINUSE' ? 'the port is taken' : errorMessage(error);
    problem = `${settings.host}:${settings.port}: ${reason}`;
    report(`Prometheus endpoint ${problem}. Everything else goes on; set OTEL_EXPORTER_PROMETHEUS_PORT to another port, or to 0 for a free one.`);
  });
  // A scraper keeps its connection, and a stranger may open one: neither may keep a finished process from ending.
  server.on('connection', (socket) => socket.unref());
  server.listen(settings.port, settings.host);
  server.unref();
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

function route(request: IncomingMessage, response: ServerResponse, handler: MetricsHandler): void {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== '/metrics') plain(response, 404, 'metrics are at /metrics');
  else if (request.method !== 'GET' && request.method !== 'HEAD') plain(response, 405, 'use GET');
  else handler(request, response);
}
