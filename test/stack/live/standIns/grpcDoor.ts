import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

const PATHS: Readonly<Record<string, string>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': '/v1/traces',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': '/v1/metrics',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': '/v1/logs',
};
/** A message of gRPC begins with one byte that says whether it is compressed, and four with its length. */
const PREFIX_BYTES = 5;
const OK = '0';
/** What is refused for good. */
const INVALID_ARGUMENT = '3';
const UNIMPLEMENTED = '12';
const UNAVAILABLE = '14';

/** Takes OTLP over gRPC, as Tempo does, and hands each request on to an OTLP/HTTP receiver. */
export interface GrpcDoor extends AsyncDisposable {
  /** host:port */
  readonly endpoint: string;
}

export async function openGrpcDoor(receiverUrl: string): Promise<GrpcDoor> {
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    // It rejects when the collector gives a request up while it sends it, and then nobody waits for an answer.
    void answer(stream, headers[':path'] ?? '', headers['grpc-encoding'] === 'gzip', receiverUrl).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => close(server, sessions),
  };
}

async function answer(stream: ServerHttp2Stream, path: string, isGzip: boolean, receiverUrl: string): Promise<void> {
  stream.on('error', () => undefined); // the collector ended in the middle of a request
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const framed = Buffer.concat(chunks);
  const message = framed.subarray(PREFIX_BYTES);
  const status = await handOn(framed[0] === 1 && isGzip ? gunzipSync(message) : message, path, receiverUrl);
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }));
  // An empty response message: everything was accepted.
  stream.end(Buffer.alloc(PREFIX_BYTES));
}

async function handOn(body: Buffer, path: string, receiverUrl: string): Promise<string> {
  const target = PATHS[path];
  if (target === undefined) return UNIMPLEMENTED;
  try {
    const response = await fetch(receiverUrl + target, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    if (response.status === 400) return INVALID_ARGUMENT;
    return response.ok ? OK : UNAVAILABLE;
  } catch {
    return UNAVAILABLE;
  }
}

async function close(server: Http2Server, sessions: ReadonlySet<{ destroy(): void }>): Promise<void> {
  for (const session of sessions) session.destroy();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
