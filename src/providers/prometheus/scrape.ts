import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '@opentelemetry/api';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { errorMessage } from '../../errors/classify.js';
import type { SdkModules } from '../sdkModules.js';
import { withPromNames } from './rename.js';

/** Answers one HTTP request with all metrics; fits `node:http`, Express and anything else that hands out Node's own objects. */
export type MetricsHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Scrape {
  readonly reader: IMetricReader;
  readonly handler: MetricsHandler;
}

/** Prometheus text format 0.0.4, the version every scraper reads. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The pull side of metrics: a reader the SDK fills, and the handler that writes it out. Listens nowhere by itself. */
export function createScrape(sdk: SdkModules): Scrape {
  const exporter = new sdk.prometheus.PrometheusExporter({ preventServerStart: true });
  const serializer = new sdk.prometheus.PrometheusSerializer();

  const answer = async (response: ServerResponse): Promise<void> => {
    try {
      const { resourceMetrics, errors } = await exporter.collect();
      for (const error of errors) diag.error(`metrics endpoint: an instrument could not be read: ${errorMessage(error)}`);
      await resourceMetrics.resource.waitForAsyncAttributes?.();
      // Before the head is written: what fails afterwards could not be answered any more.
      const text = serializer.serialize(withPromNames(resourceMetrics));
      response.writeHead(200, { 'Content-Type': CONTENT_TYPE }).end(text);
    } catch (error) {
      diag.error(`metrics endpoint: ${errorMessage(error)}`);
      plain(response, 500, 'metrics could not be collected');
    }
  };
  return { reader: exporter, handler: (_request, response) => void answer(response) };
}

/** What `metricsHandler` is while there is nothing to pull from. */
export const refuseScrape: MetricsHandler = (_request, response) => {
  plain(response, 503, 'metrics endpoint is off: set prometheus.enabled in instrument() or OTEL_EXPORTER_PROMETHEUS_PORT');
};

export function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
