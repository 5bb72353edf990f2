import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** Stands before an OTLP receiver and passes on what comes, in another protocol. */
export interface Front extends AsyncDisposable {
  readonly port: number;
  /** Headers of every request so far. */
  readonly seen: readonly IncomingHttpHeaders[];
}

/** HTTPS, with certificates of the caller's. */
export async function openTlsFront(receiverUrl: string, options: ServerOptions, port = 0): Promise<Front> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createTlsServer(options, (request, response) => {
    seen.push(request.headers);
    void pass(`${receiverUrl}${request.url ?? ''}`, request, request.headers).then(async (answer) => {
      response.writeHead(answer.status, { 'content-type': 'application/x-protobuf' }).end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The part of `@grpc/grpc-js` that is used here. */
interface Grpc {
  readonly Server: new () => GrpcServer;
  readonly ServerCredentials: {
    createInsecure(): ServerCredentials;
    createSsl(
      ca: Buffer,
      pairs: readonly { readonly cert_chain: Buffer; readonly private_key: Buffer }[],
      checksClient: boolean,
    ): ServerCredentials;
  };
  readonly status: { readonly UNAUTHENTICATED: number };
}

interface ServerCredentials {
  _isSecure(): boolean;
}

interface GrpcServer {
  addService(service: object, implementation: object): void;
  bindAsync(address: string, credentials: ServerCredentials, done: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

interface UnaryCall {
  readonly request: Buffer;
  readonly metadata: { getMap(): Record<string, unknown> };
}

export interface GrpcFrontOptions {
  readonly credentials?: ServerCredentials;
  /** Status code answered in place of passing on. */
  readonly refuse?: number;
  /** Never answers. */
  readonly hang?: boolean;
  readonly port?: number;
}

/** The gRPC implementation that sdk-node brings: whoever receives OTLP uses one like it. */
export function grpcJs(): Grpc {
  const sdk = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/sdk-node'));
  return createRequire(sdk.resolve('@opentelemetry/otlp-grpc-exporter-base'))('@grpc/grpc-js') as Grpc;
}

/** The three OTLP services over gRPC. */
export async function openGrpcFront(
  receiverUrl: string,
  { credentials, refuse, hang = false, port: wanted = 0 }: GrpcFrontOptions = {},
): Promise<Front> {
  const grpc = grpcJs();
  const seen: IncomingHttpHeaders[] = [];
  const server = new grpc.Server();
  const raw = {
    requestStream: false,
    responseStream: false,
    requestSerialize: asBuffer,
    requestDeserialize: asBuffer,
    responseSerialize: asBuffer,
    responseDeserialize: asBuffer,
  };
  for (const [signal, service] of Object.entries({
    traces: 'trace.v1.TraceService',
    metrics: 'metrics.v1.MetricsService',
    logs: 'logs.v1.LogsService',
  })) {
    server.addService(
      { Export: { ...raw, path: `/opentelemetry.proto.collector.${service}/Export` } },
      {
        Export: (call: UnaryCall, done: (error: object | null, answer?: Buffer) => void) => {
          seen.push(Object.fromEntries(Object.entries(call.metadata.getMap()).map(([name, value]) => [name, String(value)])));
          if (hang) return;
          if (refuse !== undefined) done({ code: refuse, details: 'refused' });
          else
            void pass(`${receiverUrl}/v1/${signal}`, call.request, { 'content-type': 'application/x-protobuf' }).then(async (answer) =>
              done(null, Buffer.from(await answer.arrayBuffer())),
            );
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wanted}`, credentials ?? grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, seen, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

function asBuffer(bytes: Buffer): Buffer {
  return bytes;
}

async function pass(url: string, body: Buffer | AsyncIterable<Buffer>, headers: IncomingHttpHeaders): Promise<Response> {
  const chunks: Buffer[] = [];
  if (Buffer.isBuffer(body)) chunks.push(body);
  else for await (const chunk of body) chunks.push(chunk);
  const kept = ['content-type', 'content-encoding'].flatMap((name) =>
    typeof headers[name] === 'string' ? [[name, headers[name]] as [string, string]] : [],
  );
  return fetch(url, { method: 'POST', headers: kept, body: Buffer.concat(chunks) });
}
