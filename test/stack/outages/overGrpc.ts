import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { frame } from '../../../src/instrumentation/pipeline/otlp/grpc/frame.js';
import type { Signal } from '../../../src/testing/records.js';
import { listenOptions } from './address.js';
import type { Listen, Listener, Take } from './backEnd.js';

const PREFIX_BYTES = 5;
const UNAVAILABLE = '14';
const services: Readonly<Record<string, Signal>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': 'traces',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': 'metrics',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': 'logs',
};

/** OTLP over gRPC, as Tempo has it. */
export const overGrpc: Listen = async (address, take): Promise<Listener> => {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    void handle(stream, headers, take);
  });
  server.listen(listenOptions(address));
  await once(server, 'listening');
  return {
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      // Not the sessions: these would tell the client how each call ended, which a process that is killed cannot.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

async function handle(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, take: Take): Promise<void> {
  const signal = services[headers[':path'] ?? ''];
  const message = await messageOf(stream);
  if (signal === undefined || message === undefined) return;
  await take(signal, message, async (how) => {
    if (stream.destroyed) return;
    const left = new Promise((resolve) => stream.once('close', resolve));
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    if (how === 'refusal') stream.respond({ ...head, 'grpc-status': UNAVAILABLE }, { endStream: true });
    else {
      stream.respond(head, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(frame(new Uint8Array(), false));
    }
    await left;
  });
}

/** The message of a request; `undefined` when the connection was cut in the middle of it. */
async function messageOf(stream: ServerHttp2Stream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length < PREFIX_BYTES || bytes.length < PREFIX_BYTES + bytes.readUInt32BE(1)) return undefined;
  const body = bytes.subarray(PREFIX_BYTES);
  return bytes.readUInt8(0) === 1 ? gunzipSync(body) : body;
}
