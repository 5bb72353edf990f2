import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Signal } from '../../../src/testing/records.js';
import { listenOptions } from './address.js';
import type { Listen, Listener } from './backEnd.js';

const STATUSES = { success: 200, refusal: 503 } as const;

/** OTLP over HTTP, at any base path, as Loki and Prometheus have it. */
export const overHttp: Listen = async (address, take): Promise<Listener> => {
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const signal = /\/v1\/(traces|metrics|logs)$/.exec(request.url ?? '')?.[1] as Signal | undefined;
      if (body === undefined) return;
      if (signal === undefined) {
        response.writeHead(404).end();
        return;
      }
      await take(signal, body, async (how) => {
        if (response.destroyed) return;
        const left = once(response, 'close');
        response.writeHead(STATUSES[how], { 'content-type': 'application/x-protobuf' }).end();
        await left;
      });
    });
  });
  server.listen(listenOptions(address));
  await once(server, 'listening');
  return {
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

/** The body of a request; `undefined` when the connection was cut in the middle of it. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  const bytes = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
}
