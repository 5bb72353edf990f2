import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProtobufReader } from '../../src/testing/otlp/protobufReader.js';

// Runs in a process of its own, as a collector does: counts what arrives by OTLP/HTTP protobuf and keeps nothing. It reads
// names only, so that it takes as little as possible of the machine it shares with the server.

/** What arrived so far. */
export interface OtlpCounts {
  readonly spans: number;
  readonly spansByName: Readonly<Record<string, number>>;
  readonly logRecords: number;
  readonly metricExports: number;
  readonly bytes: number;
}

const counts = { spans: 0, spansByName: {} as Record<string, number>, logRecords: 0, metricExports: 0, bytes: 0 };

/** Calls `visit` with every length-delimited field `field` of a message. */
function each(message: Uint8Array, field: number, visit: (part: Uint8Array) => void): void {
  const reader = new ProtobufReader(message);
  while (!reader.done) {
    const tag = reader.varint32();
    if (tag === field * 8 + 2) visit(reader.bytes());
    else reader.skip(tag % 8);
  }
}

/** Spans and log records lie at the same depth: resource (1), scope (2), item (2). */
function eachItem(request: Uint8Array, visit: (item: Uint8Array) => void): void {
  each(request, 1, (resource) => each(resource, 2, (scope) => each(scope, 2, visit)));
}

function countSpan(span: Uint8Array): void {
  counts.spans += 1;
  each(span, 5, (bytes) => {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    counts.spansByName[name] = (counts.spansByName[name] ?? 0) + 1;
  });
}

function count(path: string, body: Buffer): void {
  counts.bytes += body.length;
  if (path === '/v1/traces') eachItem(body, countSpan);
  else if (path === '/v1/logs') eachItem(body, () => (counts.logRecords += 1));
  else counts.metricExports += 1;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    count(request.url ?? '', Buffer.concat(chunks));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});
process.on('message', () => process.send?.(counts));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
