import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listening HTTP server. */
export interface Listening {
  /** `http://host:port`, with the port really taken. */
  readonly url: string;
  readonly port: number;
  /** Refuses new connections, lets running requests finish for up to `drainMs`, then cuts what is left. */
  close(drainMs: number): Promise<void>;
}

/** Listens on `host:port`; rejects with the socket's error (`EADDRINUSE`) when it cannot. */
export async function listen(host: string, port: number, listener: RequestListener): Promise<Listening> {
  // Node looks for connections past their time every 30 s by default: a client that never ends its headers stayed 40 s.
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 10_000, connectionsCheckingInterval: 2000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  // Without a listener a later socket error would end the process.
  server.on('error', () => undefined);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    port: taken,
    close: closer(server),
  };
}

function closer(server: Server): Listening['close'] {
  let closing = false;
  server.on('request', (_request, response: ServerResponse) => {
    // Kept alive after its last answer, a connection would hold the closing server up for seconds.
    response.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });
  return (drainMs) =>
    new Promise((resolve) => {
      closing = true;
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      server.closeIdleConnections();
    });
}
