// OTLP over gRPC is complete and frozen: this folder gets only fixes, since OTLP over HTTP is the specification's default and does
// all that gRPC does. What gRPC lacks at sudden exits (see exit/lastFlush.ts) will not be added.
import type * as Http2 from 'node:http2';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import { errorCode, errorMessage } from '../../../../errors/classify.js';
import { PACKAGE_VERSION } from '../../../../telemetry/scope.js';
import type { OtlpTarget } from '../../../settings/otlpTarget.js';
import type { Signal } from '../../../settings/signals.js';
import type { PostResult } from '../httpPost.js';
import { proxyFor } from '../proxyFor.js';
import { proxyVariables } from '../proxyVariables.js';
import { oneLookup } from '../oneLookup.js';
import { openTunnel, secured } from '../tunnel.js';
import { NO_ANSWER, call } from './call.js';
import { frame } from './frame.js';

const SERVICES: Readonly<Record<Signal, string>> = {
  traces: 'trace.v1.TraceService',
  metrics: 'metrics.v1.MetricsService',
  logs: 'logs.v1.LogsService',
};
/** Headers that gRPC and HTTP/2 set themselves; a header of that name from the settings would break every call. */
const RESERVED =
  /^(?::|grpc-|connection$|content-length$|content-type$|host$|keep-alive$|proxy-connection$|te$|transfer-encoding$|upgrade$|user-agent$)/;

export interface GrpcConnectionOptions {
  readonly signal: Signal;
  readonly target: Pick<OtlpTarget, 'url' | 'headers' | 'compression' | 'tls'>;
  readonly connectTimeoutMs: number;
}

interface OpenConnection {
  readonly session: Http2.ClientHttp2Session;
  /** Calls that are not over. */
  calls: number;
}

/**
 * OTLP over gRPC for one signal: unary calls over one HTTP/2 connection that is reopened when it is lost, or when a call got no
 * answer on it: the other end may have disappeared without a word (a machine that failed, a firewall that forgot the connection), and
 * the operating system would notice that only after a quarter of an hour.
 *
 * `@grpc/grpc-js` is not used: its calls hold the process until their deadline, ten seconds when the collector hangs, and it
 * takes 50 ms to load. Streaming, load balancing and name resolution are not needed here.
 */
export class GrpcConnection {
  readonly #options: GrpcConnectionOptions;
  readonly #headers: Readonly<Record<string, string>>;
  #current: OpenConnection | undefined;
  /** Connections that get no further calls; each is closed when its last call is over. */
  readonly #left = new Set<OpenConnection>();
  /** Calls that start together share one connection. */
  #opening: Promise<OpenConnection> | undefined;
  #problem: string | undefined;
  #isClosed = false;

  constructor(options: GrpcConnectionOptions) {
    this.#options = options;
    const { target, signal } = options;
    const own = Object.entries(target.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    this.#headers = {
      ...Object.fromEntries(own.filter(([name]) => !RESERVED.test(name))),
      ':method': 'POST',
      ':path': `/opentelemetry.proto.collector.${SERVICES[signal]}/Export`,
      'content-type': 'application/grpc+proto',
      te: 'trailers',
      'user-agent': `handoff-otel/${PACKAGE_VERSION}`,
      ...(target.compression === 'gzip' ? { 'grpc-encoding': 'gzip' } : {}),
    };
  }

  /** Sends one message, which is already compressed if the target asks for that. Never rejects; ends within `timeoutMs`. */
  async post(message: Uint8Array, timeoutMs: number): Promise<PostResult> {
    if (this.#isClosed) return { failure: 'stopped before it could be sent' };
    try {
      const body = frame(message, this.#options.target.compression === 'gzip');
      const headers = { ...this.#headers, 'grpc-timeout': `${Math.max(1, Math.ceil(timeoutMs)).toString().slice(0, 8)}m` };
      const connection = this.#reusable() ?? (await this.#open());
      connection.calls += 1;
      const result = await call(connection.session, { headers, body, timeoutMs }).finally(() => {
        connection.calls -= 1;
      });
      this.#answered(connection, result);
      // A stream on a connection that was never established only reports that it was cancelled.
      return result.status === undefined && this.#problem !== undefined ? { failure: this.#problem } : result;
    } catch (error) {
      return { failure: errorCode(error) ?? errorMessage(error) };
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#current?.session.destroy();
    for (const { session } of this.#left) session.destroy();
  }

  #answered(connection: OpenConnection, { failure }: PostResult): void {
    if (failure === NO_ANSWER) {
      this.#left.add(connection);
      if (this.#current === connection) this.#current = undefined;
    }
    if (connection.calls === 0 && this.#left.delete(connection)) connection.session.destroy();
  }

  #reusable(): OpenConnection | undefined {
    const current = this.#current;
    return current === undefined || current.session.closed || current.session.destroyed ? undefined : current;
  }

  #open(): Promise<OpenConnection> {
    this.#opening ??= this.#openNew().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openNew(): Promise<OpenConnection> {
    this.#problem = undefined;
    const tunnel = await this.#tunnel();
    if (this.#isClosed) {
      tunnel?.destroy();
      throw new Error('stopped before it could be sent');
    }
    const session = this.#connect(tunnel);
    const connection: OpenConnection = { session, calls: 0 };
    this.#current = connection;
    session.on('error', (error) => {
      this.#problem = errorCode(error) ?? errorMessage(error);
    });
    const timer = setTimeout(() => session.destroy(new Error('no connection in time')), this.#options.connectTimeoutMs);
    timer.unref();
    const stop = (): void => clearTimeout(timer);
    session.once('connect', stop).once('close', stop);
    // Waiting for an answer must not keep the process alive; a caller that needs the answer keeps it alive itself.
    session.unref();
    return connection;
  }

  /** Opens a tunnel through the proxy that Node's own requests use, if they use one. */
  async #tunnel(): Promise<Socket | undefined> {
    const { target, connectTimeoutMs } = this.#options;
    const variables = target.url.startsWith('unix:') ? undefined : proxyVariables();
    if (variables === undefined) return undefined;
    const url = new URL(target.url);
    const proxy = proxyFor(url, variables);
    if (proxy === undefined) return undefined;
    const socket = await openTunnel(proxy, url, connectTimeoutMs);
    return url.protocol === 'https:' ? secured(socket, url, target.tls?.(), 'h2') : socket;
  }

  #connect(tunnel: Socket | undefined): Http2.ClientHttp2Session {
    // Loaded only with gRPC: loading HTTP/2 would cost every other process a few milliseconds.
    const { connect } = process.getBuiltinModule('node:http2');
    const { url, tls } = this.#options.target;
    if (tunnel !== undefined) return connect(url, { createConnection: () => tunnel });
    if (!url.startsWith('unix:')) return connect(url, { lookup: oneLookup, ...tls?.() });
    return connect('http://localhost', { createConnection: () => connectSocket(url.replace(/^unix:(?:\/\/)?/, '')) });
  }
}
