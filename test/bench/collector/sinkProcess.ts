import { createServer } from 'node:http';
import { createServer as createGrpcServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

// Takes OTLP over HTTP and over gRPC and throws it away: it counts the bytes and does not look at them, so that back ends cost next to
// nothing.

export interface SinkPorts {
  readonly http: number;
  readonly grpc: number;
}
/** Bytes of bodies, compressed as they come. */
export interface SinkBytes {
  readonly traces: number;
  readonly metrics: number;
  readonly logs: number;
}

const bytes = { traces: 0, metrics: 0, logs: 0 };
const EMPTY_GRPC_MESSAGE = Buffer.alloc(5);

const http = createServer((request, response) => {
  const signal = (request.url ?? '').endsWith('/logs') ? 'logs' : 'metrics';
  request.on('data', (chunk: Buffer) => (bytes[signal] += chunk.length));
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
});
const grpc = createGrpcServer();
grpc.on('session', (session) => session.on('error', () => undefined));
grpc.on('stream', (stream) => {
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => (bytes.traces += chunk.length));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(EMPTY_GRPC_MESSAGE);
  });
});

process.on('message', () => process.send?.({ ...bytes }));
process.on('disconnect', () => process.exit());
http.listen(0, '127.0.0.1', () => {
  grpc.listen(0, '127.0.0.1', () => {
    process.send?.({ http: (http.address() as AddressInfo).port, grpc: (grpc.address() as AddressInfo).port } satisfies SinkPorts);
  });
});
