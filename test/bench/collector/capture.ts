import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';
import { TelemetryStore } from '../../../src/testing/telemetryStore.js';
import type { FreshDatabase } from '../../setup/freshDatabase.js';
import type { Signal } from '../../../src/testing/records.js';

const CALLS = 512;
const CALLERS = 8;
/** Longer than the SDK keeps spans and log records. */
const START_LEAVES_MS = 2500;
/** Few enough that the metrics of the captured calls leave in one export, at the end. */
const METRIC_INTERVAL_MS = 3_600_000;

/** A request of the real server, and where in it the ids are that must differ when it is sent again. */
export interface CapturedRequest {
  readonly signal: Signal;
  readonly body: Buffer;
  readonly items: number;
  /** Offsets of trace ids and span ids, each once for each place. */
  readonly idOffsets: readonly number[];
}

/** What the real server sent for its calls, as it sends it: OTLP/HTTP with protobuf, not compressed. */
export interface Capture {
  readonly calls: number;
  readonly requests: readonly CapturedRequest[];
}

/** Runs the built server over stdio, calls it, and keeps every request of its telemetry. */
export async function captureServer(database: FreshDatabase): Promise<Capture> {
  const bodies: { readonly signal: Signal; readonly body: Buffer }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push({ signal: (request.url ?? '').replace('/v1/', '') as Signal, body: Buffer.concat(chunks) });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const server = new StdioServer({
    env: {
      DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_METRIC_EXPORT_INTERVAL: String(METRIC_INTERVAL_MS),
    },
  });
  await server.initialize();
  await registerSessions(server, CALLERS);
  // What the start made is not what calls make.
  await new Promise((resolve) => setTimeout(resolve, START_LEAVES_MS));
  bodies.length = 0;
  const calls = async (caller: number): Promise<void> => {
    for (let call = 0; call < CALLS / CALLERS; call += 1) await updateContext(server, caller);
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => calls(caller)));
  await server.end();
  receiver.close();
  // The last export of metrics has all points that the one before it has.
  const lastMetrics = bodies.findLastIndex(({ signal }) => signal === 'metrics');
  const kept = bodies.filter(({ signal }, index) => signal !== 'metrics' || index === lastMetrics);
  return { calls: CALLS, requests: kept.map(({ signal, body }) => analysed(signal, body)) };
}

function analysed(signal: Signal, body: Buffer): CapturedRequest {
  const store = new TelemetryStore(Number.MAX_SAFE_INTEGER);
  const { kept } = store.accept(signal, 'protobuf', body);
  const items = [...store.spans.list(), ...store.logRecords.list()];
  const ids = new Set(items.flatMap((item) => [item.traceId, item.spanId, 'parentSpanId' in item ? item.parentSpanId : undefined]));
  const idOffsets = [...ids].flatMap((id) => (id === undefined || id === '' ? [] : offsetsOf(body, Buffer.from(id, 'hex'))));
  return { signal, body, items: kept, idOffsets };
}

/** Ids are random, so that nothing else in a body looks like one. */
function offsetsOf(body: Buffer, id: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = body.indexOf(id); at !== -1; at = body.indexOf(id, at + id.length)) offsets.push(at);
  return offsets;
}

export function itemsOf({ requests }: Capture, signal: Signal): number {
  return requests.reduce((sum, request) => (request.signal === signal ? sum + request.items : sum), 0);
}

export function bytesOf({ requests }: Capture, signal: Signal): number {
  return requests.reduce((sum, request) => (request.signal === signal ? sum + request.body.length : sum), 0);
}
