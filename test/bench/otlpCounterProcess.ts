import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

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

let at = 0;

function varint(body: Buffer): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = body[at++] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

/** Visits every field `wanted` of the message from `at` to `end`, all of them length-delimited, and skips the others. */
function each(body: Buffer, end: number, wanted: number, visit: (end: number) => void): void {
  while (at < end) {
    const tag = varint(body);
    const type = tag & 7;
    if (type === 0) varint(body);
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const partEnd = varint(body) + at;
      if (tag >>> 3 === wanted) visit(partEnd);
      at = partEnd;
    }
  }
}

/** Spans and log records lie at the same depth: resource (1), scope (2), item (2). */
function eachItem(body: Buffer, visit: (end: number) => void): void {
  at = 0;
  each(body, body.length, 1, (resourceEnd) => each(body, resourceEnd, 2, (scopeEnd) => each(body, scopeEnd, 2, visit)));
}

function count(path: string, body: Buffer): void {
  counts.bytes += body.length;
  if (path === '/v1/traces') {
    eachItem(body, (spanEnd) => {
      counts.spans += 1;
      each(body, spanEnd, 5, (nameEnd) => {
        const name = body.toString('latin1', at, nameEnd);
        counts.spansByName[name] = (counts.spansByName[name] ?? 0) + 1;
      });
    });
  } else if (path === '/v1/logs') eachItem(body, () => (counts.logRecords += 1));
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
