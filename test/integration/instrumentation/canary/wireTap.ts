import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, inflateSync } from 'node:zlib';

/** A request as it came, its body unpacked. */
export interface TappedRequest {
  readonly path: string;
  readonly headers: string;
  readonly body: Buffer;
}

export interface WireTap {
  readonly port: number;
  readonly requests: readonly TappedRequest[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A collector that takes everything and keeps every byte of it: the receiver of the test kit keeps only what it understands. */
export async function startWireTap(): Promise<WireTap> {
  const requests: TappedRequest[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      requests.push({ path: request.url ?? '', headers: request.rawHeaders.join('\n'), body });
      const isJson = request.headers['content-type'] === 'application/json';
      response.writeHead(200, { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' }).end(isJson ? '{}' : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'];
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'deflate' ? inflateSync(body) : body;
}
