import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '@opentelemetry/api';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { errorMessage } from '../../errors/classify.js';
import { quietly } from '../../errors/quietly.js';
import type { Exemplars } from '../exemplars/exemplars.js';
import type { SdkModules } from '../sdk/sdkModules.js';
import { createComplaints } from './complaints.js';
import { exposition } from './exposition.js';
import { familiesOf } from './families.js';
import { CONTENT_TYPES, formatFor, takesGzip } from './negotiate.js';
import type { PromFormat } from './negotiate.js';

/** Answers one HTTP request with all metrics; works with `node:http`, Express and anything else that provides Node's own objects. */
export type MetricsHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Scrape {
  readonly reader: IMetricReader;
  readonly handler: MetricsHandler;
}

/** Instruments whose callbacks take longer are left out of an answer; scrapers wait 10 seconds for all of it. */
const COLLECT_TIMEOUT_MS = 5000;
/** A page may have megabytes, and stays in memory until its reader has taken it: of so many at once no scraper of good will needs more. */
const MAX_OPEN_ANSWERS = 16;
/** Whoever takes nothing of its page for so long gets no more of it. */
const STALLED_MS = 30_000;
/** Below this, compression gains nothing. */
const MIN_GZIP_CHARS = 1024;

/** The pull side of metrics: a reader the SDK fills, and the handler that serves it. Does not listen by itself. */
export function createScrape(sdk: Pick<SdkModules, 'prometheus'>, exemplars: Pick<Exemplars, 'of'>, stalledMs = STALLED_MS): Scrape {
  const { PrometheusExporter } = sdk.prometheus;
  const complain = createComplaints((complaint, isLoss) => {
    if (isLoss) diag.error(`metrics endpoint: ${complaint}`);
    else diag.warn(`metrics endpoint: ${complaint}`);
  });
  let isStopped = false;

  // The exporter collects; its server could not report a taken port, and its serializer supports neither units nor OpenMetrics.
  class Reader extends PrometheusExporter {
    override async onShutdown(): Promise<void> {
      isStopped = true;
      await super.onShutdown();
    }
  }
  const reader = new Reader({ preventServerStart: true });

  const page = async (format: PromFormat): Promise<string> => {
    const { resourceMetrics, errors } = await reader.collect({ timeoutMillis: COLLECT_TIMEOUT_MS });
    for (const error of errors) diag.error(`metrics endpoint: an instrument could not be read: ${errorMessage(error)}`);
    await resourceMetrics.resource.waitForAsyncAttributes?.();
    return exposition(familiesOf(resourceMetrics, complain), resourceMetrics.resource.attributes, format, exemplars.of(resourceMetrics));
  };
  const open = new Set<ServerResponse>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const earlier of open) if (earlier.writableFinished || earlier.destroyed) open.delete(earlier);
    if (open.size >= MAX_OPEN_ANSWERS) {
      plain(response, 503, 'too many scrapes are not finished yet');
      return;
    }
    if (isConnected(request)) open.add(response);
    try {
      endIfStalled(request, response, stalledMs);
      const { accept, 'accept-encoding': encoding } = request.headers;
      const format = formatFor(accept);
      // Done before the head is written: a later failure could no longer be answered.
      const text = request.method === 'HEAD' ? '' : await page(format);
      response.setHeader('Content-Type', CONTENT_TYPES[format]);
      response.setHeader('Vary', 'Accept, Accept-Encoding');
      if (text.length < MIN_GZIP_CHARS || !takesGzip(Array.isArray(encoding) ? encoding.join() : encoding)) {
        response.end(text);
        return;
      }
      const compressed = await gzipped(text);
      response.setHeader('Content-Encoding', 'gzip');
      response.end(compressed);
    } catch (error) {
      refuse(response, error);
    }
  };
  const refuse = (response: ServerResponse, error: unknown): void => {
    if (isStopped) {
      plain(response, 503, 'metrics endpoint is shut down');
      return;
    }
    diag.error(`metrics endpoint: ${errorMessage(error)}`);
    plain(response, 500, 'metrics could not be collected');
  };
  return { reader, handler: (request, response) => void answer(request, response) };
}

/**
 * Node notes the limit on the connection, which the host may use for answers of its own afterwards. Where it ends no idle connections, Node
 * would leave it there.
 */
function endIfStalled({ socket }: Partial<IncomingMessage>, response: Partial<ServerResponse>, stalledMs: number): void {
  const beforeMs = quietly(() => socket?.timeout) ?? 0;
  // What a host hands over may only look like Node's own objects.
  response.setTimeout?.(stalledMs, () => response.destroy?.());
  response.once?.('finish', () => {
    // The connection of HTTP/2 cannot be asked any more when it is gone.
    quietly(() => (socket?.timeout === stalledMs ? socket.setTimeout(beforeMs) : undefined));
  });
}

/** Not where a host wants the page for itself and makes up the request: nobody says then when the answer was taken. */
function isConnected({ socket }: Partial<IncomingMessage>): boolean {
  return socket?.pending === false;
}

/** Loads zlib lazily, for the first scraper that asks for it. */
async function gzipped(text: string): Promise<Buffer> {
  const { gzip } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    gzip(text, (error, compressed) => (error === null ? resolve(compressed) : reject(error)));
  });
}

/** Takes the place of `metricsHandler` while there is nothing to scrape. */
export const refuseScrape: MetricsHandler = (_request, response) => {
  plain(response, 503, 'metrics endpoint is off: set prometheus.enabled in instrument() or OTEL_EXPORTER_PROMETHEUS_PORT');
};

/** Does nothing where the host, or a client that disconnected, has made an answer impossible. */
export function plain(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
