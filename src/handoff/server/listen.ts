import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { AddressInfo, DropArgument } from 'node:net';
import type { Clock } from '../../time/clock.js';
import { systemClock } from '../../time/clock.js';
import { Exchanges } from './exchanges.js';
import type { CutReason, Exchange, ExchangeLimits } from './exchanges.js';

/** A listening HTTP server. */
export interface Listening {
  /** `http://host:port`, with the actual port. */
  readonly url: string;
  readonly port: number;
  /** Refuses new connections, lets in-flight requests finish for up to `drainMs`, then closes the remaining connections. */
  close(drainMs: number): Promise<void>;
}

export interface ListenLimits extends ExchangeLimits {
  /** Further connections are closed as soon as they are accepted. */
  readonly maxConnections: number;
  /**
   * How long a connection may be idle between two requests, in milliseconds. Default: 5000, as of Node. While all connections are taken,
   * idle ones are closed at once.
   */
  readonly keepAliveMs?: number;
  /** Workers of `node:cluster` do not share the port, because each answers only for itself. Default: they share it. */
  readonly isExclusive?: boolean;
}

/** Handlers for requests, and for connections that never become one. */
export interface Listener {
  readonly onRequest: (request: IncomingMessage, response: ServerResponse, exchange: Exchange) => void;
  /** Answers a request that exceeds the limits; the connection is then closed. */
  readonly onBusy: (request: IncomingMessage, response: ServerResponse) => void;
  /** Called when an accepted request has been answered or its client has disconnected. */
  readonly onEnd?: (request: IncomingMessage, response: ServerResponse, wasRefused: boolean) => void;
  readonly onCut?: (reason: CutReason, request: IncomingMessage) => void;
  readonly onDropped?: (remoteAddress: string | undefined) => void;
  /** Called for each accepted connection. */
  readonly onConnection?: () => void;
}

const SWEEP_MS = 1000;
/** How long an idle connection may still deliver a request after `close`: closed immediately, a request already sent would be lost. */
const IDLE_GRACE_MS = 1000;

/** Listens on `host:port`; rejects with the socket's error (`EADDRINUSE`) when it cannot. */
export async function listen(
  host: string,
  port: number,
  limits: ListenLimits,
  listener: Listener,
  clock: Clock = systemClock,
): Promise<Listening> {
  const exchanges = new Exchanges(limits, clock, (reason, request) => listener.onCut?.(reason, request));
  // Node checks for expired connections every 30 s by default: a client that never finished its headers stayed for 40 s.
  const server = createServer({
    requestTimeout: 60_000,
    headersTimeout: 10_000,
    connectionsCheckingInterval: 2000,
    ...(limits.keepAliveMs === undefined ? {} : { keepAliveTimeout: limits.keepAliveMs }),
  });
  server.maxConnections = limits.maxConnections;
  server.on('drop', (data?: DropArgument) => listener.onDropped?.(data?.remoteAddress));
  server.on('connection', () => listener.onConnection?.());
  makeRoom(server, limits.maxConnections);
  const close = closer(server, exchanges);
  server.on('request', (request, response) => {
    if (exchanges.isFull) {
      response.setHeader('connection', 'close');
      listener.onBusy(request, response);
      return;
    }
    const exchange = exchanges.begin(request, response, (wasRefused) => listener.onEnd?.(request, response, wasRefused));
    listener.onRequest(request, response, exchange);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: limits.isExclusive === true }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  // Without a listener a later socket error would end the process.
  server.on('error', () => undefined);
  const sweep = setInterval(() => exchanges.sweep(), SWEEP_MS).unref();
  server.once('close', () => clearInterval(sweep));
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, port: taken, close };
}

/** Closes idle connections when the last place is taken, so that nobody is turned away for the sake of those who ask nothing. */
function makeRoom(server: Server, maxConnections: number): void {
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
    // Requests that have come on them, and are still to be read in this turn, are read first.
    if (open >= maxConnections) setImmediate(() => server.closeIdleConnections());
  });
}

/**
 * `Connection: close` in the last answer tells a client with a kept-alive connection to open another one.
 * If the connection were simply closed, the client's next request could fail with ECONNRESET.
 */
function closer(server: Server, exchanges: Exchanges): Listening['close'] {
  let isClosing = false;
  let isGraceOver = false;
  // Runs before the listener that answers.
  server.on('request', (_request, response: ServerResponse) => {
    if (isClosing) response.setHeader('connection', 'close');
    // An answer whose headers were already sent leaves its connection open.
    response.once('close', () => {
      if (isGraceOver) setImmediate(() => server.closeIdleConnections());
    });
  });
  return (drainMs) =>
    new Promise((resolve) => {
      isClosing = true;
      for (const response of exchanges.responses()) if (!response.headersSent) response.setHeader('connection', 'close');
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      const grace = setTimeout(() => {
        // Requests that came while this process was too busy to read them are read first.
        setImmediate(() => {
          isGraceOver = true;
          server.closeIdleConnections();
        });
      }, IDLE_GRACE_MS);
      // Not the method of the HTTP server, which closes idle connections immediately.
      NetServer.prototype.close.call(server, () => {
        clearTimeout(cut);
        clearTimeout(grace);
        // Stops its timer.
        server.close();
        resolve();
      });
    });
}
