import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { LogRecord, MetricPoint, SpanRecord } from '../../../src/testing/records.js';
import { TelemetryStore } from '../../../src/testing/telemetryStore.js';
import { emptyEnvelopes, readEnvelope } from './sentryEnvelope.js';

const SIGNALS = { '/v1/traces': 'traces', '/v1/metrics': 'metrics', '/v1/logs': 'logs' } as const;
const MAX_RECORDS = 10_000;

/** Spans, points and records of whatever protocol, as far as rows look at them. */
export type SpanSeen = Pick<SpanRecord, 'name' | 'traceId' | 'spanId' | 'attributes' | 'status' | 'events'> & {
  readonly parentSpanId?: string;
  readonly resource: SpanRecord['resource'];
};
export type LogSeen = Pick<LogRecord, 'attributes'> & { readonly body: unknown; readonly traceId?: string };
export type PointSeen = Pick<MetricPoint, 'metric' | 'attributes'> & {
  readonly kind: string;
  readonly value?: number;
  readonly timeUnixNano: bigint;
  readonly resource: SpanRecord['resource'];
};

export interface Collected {
  readonly spans: readonly SpanSeen[];
  readonly logs: readonly LogSeen[];
  readonly points: readonly PointSeen[];
  /** Bodies of metric exports as they came. */
  readonly metricBodies: readonly Buffer[];
  /** Everything that came, unpacked. */
  readonly bytes: readonly Buffer[];
}

export interface Collector {
  readonly url: string;
  readonly collected: () => Collected;
  /** Requests so far: quiet means that this stands still. */
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Takes OTLP/HTTP and Sentry's envelopes; or takes requests and never answers. */
export async function startCollector({ hangs = false }: { readonly hangs?: boolean } = {}): Promise<Collector> {
  const store = new TelemetryStore(MAX_RECORDS);
  const envelopes = emptyEnvelopes();
  const metricBodies: Buffer[] = [];
  const bytes: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (hangs) return;
      const wire = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire;
      bytes.push(body);
      const path = request.url ?? '';
      const isJson = request.headers['content-type']?.startsWith('application/json') === true;
      if (path in SIGNALS) store.accept(SIGNALS[path as keyof typeof SIGNALS], isJson ? 'json' : 'protobuf', body);
      else if (path.includes('/envelope/')) readEnvelope(body.toString(), envelopes);
      if (path === '/v1/metrics') metricBodies.push(body);
      response.writeHead(200, { 'content-type': isJson || path.includes('/envelope/') ? 'application/json' : 'application/x-protobuf' });
      response.end(isJson || path.includes('/envelope/') ? '{}' : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    collected: () => ({
      spans: [...store.spans.list(), ...envelopes.spans],
      logs: [...store.logRecords.list(), ...envelopes.logs],
      points: [...store.metricPoints.list(), ...envelopes.points],
      metricBodies,
      bytes,
    }),
    requests: () => bytes.length,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
