import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { countItems, eachName, SPAN_NAME } from './otlpItems.js';

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

function count(path: string, body: Buffer): void {
  counts.bytes += body.length;
  if (path === '/v1/traces') {
    eachName(body, SPAN_NAME, (name) => {
      counts.spans += 1;
      counts.spansByName[name] = (counts.spansByName[name] ?? 0) + 1;
    });
  } else if (path === '/v1/logs') counts.logRecords += countItems(body);
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
