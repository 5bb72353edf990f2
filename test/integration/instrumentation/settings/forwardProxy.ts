import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A forward proxy as companies run them: passes requests on, and connections by CONNECT. */
export interface ForwardProxy extends AsyncDisposable {
  readonly url: string;
  /** What it was asked for: `POST http://host:port/path`, or `CONNECT host:port`. */
  readonly asked: readonly string[];
  readonly headers: readonly IncomingHttpHeaders[];
}

export interface ForwardProxyOptions {
  /** `hang`: takes connections and never answers. A number: the status of every answer. */
  readonly behaviour?: 'hang' | number;
}

export async function openForwardProxy({ behaviour }: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  const asked: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    headers.push(incoming.headers);
    if (behaviour === 'hang') return;
    if (behaviour !== undefined) {
      incoming.resume().on('end', () => response.writeHead(behaviour).end());
      return;
    }
    const { 'proxy-connection': _hop, 'proxy-authorization': _secret, ...passed } = incoming.headers;
    const onwards = request(incoming.url ?? '', { method: incoming.method, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    incoming.pipe(onwards);
  });
  server.on('connection', track);
  server.on('connect', (incoming, socket: Socket, head) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`);
    headers.push(incoming.headers);
    if (behaviour === 'hang') return;
    if (behaviour !== undefined) {
      socket.end(`HTTP/1.1 ${behaviour} Refused\r\n\r\n`);
      return;
    }
    const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(incoming.url ?? '') ?? [];
    const onwards = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onwards.write(head);
      onwards.pipe(socket).pipe(onwards);
    });
    track(onwards);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
