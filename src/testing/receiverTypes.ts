import type { Clock } from '../time/clock.js';
import type { LogRecord, MetricPoint, ResourceRecord, Signal, SpanRecord } from './records.js';

/**
 * How the receiver treats the requests that arrive from now on:
 * - `'ok'`: accepts them;
 * - `'hang'`: reads nothing and never answers, until the sender gives up or `close()`;
 * - `'reset'`: cuts the connection (the sender sees ECONNRESET);
 * - `{ refuseStatus }`: answers with that HTTP status, 400-599 (429, 502, 503 and 504 make exporters retry);
 * - `{ slowMs }`: accepts them, but only after that many milliseconds.
 * Requests that are not answered with success are not kept, so retries never show up twice.
 */
export type ReceiverBehaviour = 'ok' | 'hang' | 'reset' | { readonly refuseStatus: number } | { readonly slowMs: number };

/** What happened to the requests of one signal since the start or the last `reset()`. */
export interface SignalCounts {
  /** Requests that reached the receiver, whatever the outcome. */
  readonly requests: number;
  /** Answered 200. */
  readonly accepted: number;
  /** Answered 4xx or 5xx. */
  readonly refused: number;
  /** Bytes of the accepted bodies as sent (compressed). */
  readonly wireBytes: number;
  /** Bytes of the accepted bodies after decompression. */
  readonly bodyBytes: number;
  /** Spans, data points or log records in accepted requests, including those no longer kept. */
  readonly records: number;
  /** Of `records`, how many were discarded because more than `maxRecords` arrived. */
  readonly dropped: number;
}

export interface OtlpReceiverOptions {
  /** TCP port on 127.0.0.1. Default 0: any free port. */
  readonly port?: number;
  /** Largest body in bytes, both as it was sent and after decompression; a larger one is answered 413. Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Records kept per signal; the oldest are dropped first and counted. Default 50 000. */
  readonly maxRecords?: number;
  /** Behaviour at the start. Default `'ok'`. */
  readonly respond?: ReceiverBehaviour;
  /** Time for `waitFor` and `slowMs`. Default: the machine's. */
  readonly clock?: Clock;
}

/** What a `waitFor` predicate may look at. */
export interface ReceivedTelemetry {
  /** Finished spans, in order of arrival (children come before their parent). */
  spans(): readonly SpanRecord[];
  /** Data points, in order of arrival: a cumulative series appears once per export. */
  metricPoints(): readonly MetricPoint[];
  logRecords(): readonly LogRecord[];
  /** The distinct resources that sent what is kept. */
  resources(): readonly ResourceRecord[];
  /** Counts per signal. */
  requests(): Readonly<Record<Signal, SignalCounts>>;
}

/** A running in-memory OTLP/HTTP server. */
export interface OtlpReceiver extends ReceivedTelemetry, AsyncDisposable {
  /** Base URL, the value for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly port: number;
  /**
   * Resolves with the predicate's result as soon as it is neither `undefined`, `null` nor `false`; checked at once and after
   * each accepted request. A predicate may throw (an `expect…` of this kit or of a test framework): that means "not yet".
   * Rejects with TelemetryTimeoutError after `timeoutMs` (default 5000), saying what did arrive and what the predicate last threw.
   */
  waitFor<T>(
    predicate: (received: ReceivedTelemetry) => T,
    options?: { readonly timeoutMs?: number },
  ): Promise<Exclude<T, undefined | null | false>>;
  /** Changes the behaviour for requests that arrive from now on. */
  respond(behaviour: ReceiverBehaviour): void;
  /** Forgets all records and counts. */
  reset(): void;
  /** Cuts all connections and frees the port. Pending `waitFor` calls reject. May be called twice. */
  close(): Promise<void>;
}
