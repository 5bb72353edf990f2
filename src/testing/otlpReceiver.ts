import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '../time/clock.js';
import { describeReceived } from './describe.js';
import { OtlpPayloadError } from './otlp/payloadError.js';
import { CONTENT_TYPES, statusBody, successBody, type OtlpEncoding } from './otlp/responses.js';
import type { OtlpReceiver, OtlpReceiverOptions, ReceivedTelemetry, ReceiverBehaviour } from './receiverTypes.js';
import type { Signal } from './records.js';
import { ReceiverRefusal } from './refusal.js';
import { encodingOf, readBody } from './requestBody.js';
import { SignalCounters } from './signalCounters.js';
import { TelemetryStore } from './telemetryStore.js';
import { Waiters } from './waiters.js';

const SIGNALS: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
]);
const DEFAULT_MAX_BODY_BYTES = 16 * 1024 * 1024;
const DEFAULT_MAX_RECORDS = 50_000;
const DEFAULT_WAIT_MS = 5_000;
/** Longer than any exporter's pause between two exports: a server that closes an idle connection races with the sender's next request. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts an OTLP/HTTP server in memory: `/v1/traces`, `/v1/metrics` and `/v1/logs`, JSON and protobuf, gzip or plain,
 * on 127.0.0.1. Point `OTEL_EXPORTER_OTLP_ENDPOINT` at its `url`, run the code under test, then look at what arrived.
 * Rejects with the listen error if `port` is taken. It keeps the process alive until `close()`.
 *
 * @example
 * await using receiver = await startOtlpReceiver();
 * // … run the server under test with OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url …
 * const span = await receiver.waitFor(({ spans }) => expectOneSpan(spans(), { name: 'tools/call add', kind: 'SERVER' }));
 */
export async function startOtlpReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const receiver = new Receiver(options);
  await receiver.listen(options.port ?? 0);
  return receiver.face();
}

class Receiver {
  readonly #server: Server;
  readonly #store: TelemetryStore;
  readonly #waiters: Waiters;
  readonly #clock: Clock;
  readonly #maxBodyBytes: number;
  #behaviour: ReceiverBehaviour;
  #counters = newCounters();

  constructor(options: OtlpReceiverOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#behaviour = options.respond ?? 'ok';
    this.#store = new TelemetryStore(options.maxRecords ?? DEFAULT_MAX_RECORDS);
    this.#waiters = new Waiters(this.#clock, () => describeReceived(this.#received));
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => void this.#handle(request, response));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  /** The public object: plain functions that may be destructured. */
  face(): OtlpReceiver {
    const { port } = this.#server.address() as AddressInfo;
    const close = async (): Promise<void> => {
      await this.#close();
    };
    return {
      ...this.#received,
      url: `http://127.0.0.1:${String(port)}`,
      port,
      waitFor: async <T>(predicate: (received: ReceivedTelemetry) => T, { timeoutMs = DEFAULT_WAIT_MS } = {}) =>
        (await this.#waiters.wait(() => predicate(this.#received), timeoutMs)) as Exclude<T, undefined | null | false>,
      respond: (behaviour) => {
        this.#behaviour = behaviour;
      },
      reset: () => {
        this.#store.clear();
        this.#counters = newCounters();
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  readonly #received: ReceivedTelemetry = {
    spans: () => this.#store.spans.list(),
    metricPoints: () => this.#store.metricPoints.list(),
    logRecords: () => this.#store.logRecords.list(),
    resources: () => this.#store.resources(),
    requests: () => ({
      traces: this.#counters.traces.snapshot(this.#store.dropped('traces')),
      metrics: this.#counters.metrics.snapshot(this.#store.dropped('metrics')),
      logs: this.#counters.logs.snapshot(this.#store.dropped('logs')),
    }),
  };

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const signal = SIGNALS.get((request.url ?? '').split('?', 1)[0] ?? '');
    const encoding = encodingOf(request);
    const counters = signal === undefined ? undefined : this.#counters[signal];
    counters?.arrived();
    try {
      if (signal === undefined) throw new ReceiverRefusal(404, 'OTLP/HTTP is served at /v1/traces, /v1/metrics and /v1/logs.');
      if (request.method !== 'POST') throw new ReceiverRefusal(405, 'OTLP/HTTP requests must use POST.');
      if (await this.#misbehave(request, response)) return;
      if (encoding === undefined) throw new ReceiverRefusal(415, 'Content-Type must be application/json or application/x-protobuf.');
      const { wireBytes, body } = await readBody(request, this.#maxBodyBytes);
      if (response.destroyed) return;
      const { kept, rejected, reason } = this.#store.accept(signal, encoding, body);
      this.#counters[signal].accepted(wireBytes, body.length, kept);
      send(response, 200, encoding, successBody(encoding, signal, rejected, reason));
      this.#waiters.notify();
    } catch (error) {
      if (response.destroyed) return; // The sender went away in the middle: there is no one to answer.
      counters?.refused();
      refuse(request, response, encoding ?? 'json', error);
    }
  }

  /** Simulates the configured fault; true when that ends the request. */
  async #misbehave(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const behaviour = this.#behaviour;
    if (behaviour === 'ok') return false;
    if (behaviour === 'hang') return true;
    if (behaviour === 'reset') {
      request.socket.resetAndDestroy();
      return true;
    }
    if ('refuseStatus' in behaviour) throw new ReceiverRefusal(behaviour.refuseStatus, 'The receiver is set to refuse requests.');
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    await this.#clock.sleep(behaviour.slowMs, { signal: gone.signal });
    return false;
  }

  async #close(): Promise<void> {
    this.#waiters.cancelAll('The receiver was closed while waiting for telemetry.');
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }
}

const newCounters = (): Readonly<Record<Signal, SignalCounters>> => ({
  traces: new SignalCounters(),
  metrics: new SignalCounters(),
  logs: new SignalCounters(),
});

function send(response: ServerResponse, status: number, encoding: OtlpEncoding, body: Buffer): void {
  response.writeHead(status, { 'content-type': CONTENT_TYPES[encoding], 'content-length': body.length });
  response.end(body);
}

/** Answers in the sender's encoding. The unread rest of the body is discarded so that the sender can read the answer. */
function refuse(request: IncomingMessage, response: ServerResponse, encoding: OtlpEncoding, error: unknown): void {
  const status = error instanceof ReceiverRefusal ? error.data.status : error instanceof OtlpPayloadError ? 400 : 500;
  if (status === 405) response.setHeader('allow', 'POST');
  if (status === 415) response.setHeader('accept-encoding', 'gzip');
  if (!request.complete) response.setHeader('connection', 'close');
  send(response, status, encoding, statusBody(encoding, status, error instanceof Error ? error.message : String(error)));
  request.resume();
}
