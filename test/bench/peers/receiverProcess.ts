import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Tally } from './tally.js';
import type { Received } from './tally.js';

// Takes the telemetry of several servers, in a process of its own as a collector is. The first part of the path says whose it is.

const tallies = new Map<string, Tally>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [, sender = '', ...rest] = (request.url ?? '').split('?', 1)[0]?.split('/') ?? [];
    const path = `/${rest.join('/')}`;
    const wire = Buffer.concat(chunks);
    const isJson = request.headers['content-type']?.startsWith('application/json') === true;
    const tally = tallies.get(sender) ?? new Tally();
    tallies.set(sender, tally);
    tally.add({ path, isJson, body: unpacked(request, wire), wireBytes: wire.length });
    const answersJson = isJson || path.includes('/envelope/');
    response.writeHead(200, { 'content-type': answersJson ? 'application/json' : 'application/x-protobuf' });
    response.end(answersJson ? '{}' : undefined);
  });
});

function unpacked({ headers }: IncomingMessage, wire: Buffer): Buffer {
  const encoding = headers['content-encoding'];
  if (encoding === 'gzip') return gunzipSync(wire);
  if (encoding === 'deflate') return inflateSync(wire);
  return encoding === 'br' ? brotliDecompressSync(wire) : wire;
}

process.on('message', () => {
  const all: Readonly<Record<string, Received>> = Object.fromEntries([...tallies].map(([sender, tally]) => [sender, tally.received()]));
  process.send?.(all);
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
